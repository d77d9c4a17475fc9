import { expect, test } from 'vitest';
import { attackOf } from './attack.ts';

test('tags name tactics and techniques, and what is not known stays an id', () => {
  expect(attackOf(['attack.credential_access', 'attack.t1003.006', 'attack.T1562', 'attack.t1999', 'attack.t1562.099', 'attack.g0016', 'car.2016-04-005', 'attack.TA0002', 'attack.t1003.006'])).toEqual({
    tactics: [{ id: 'TA0002', name: 'Execution' }, { id: 'TA0006', name: 'Credential Access' }],
    techniques: [{ id: 'T1003.006', name: 'OS Credential Dumping: DCSync' }, { id: 'T1562', name: 'Impair Defenses' }, { id: 'T1562.099', name: 'Impair Defenses' }, { id: 'T1999', name: '' }],
  });
});
