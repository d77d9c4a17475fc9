import { describe, expect, it } from 'vitest';
import { auditd } from './auditd.ts';
import { CollectingSink, type ReadRecord } from './lib/collect.ts';

function read(line: string): ReadRecord {
  const buf = Buffer.from(`${line}\n`);
  const sink = new CollectingSink(buf, true);
  auditd.open({ path: 'audit.log', modified: 0, zone: 'UTC', head: buf }).parse(buf, 0, buf.length, buf.length, true, sink);
  return sink.records[0];
}
const attributes = (record: ReadRecord): Record<string, unknown> => Object.fromEntries(record.attributes.map(({ name, value }) => [name, value]));
const HEAD = 'msg=audit(1490995752.404:7):';

describe('audit records', () => {
  it('takes the user that says most', () => {
    expect(read(`type=LOGIN ${HEAD} uid=0 auid=1000 acct="bob"`).fields.user).toBe('bob');
    expect(read(`type=LOGIN ${HEAD} uid=0 auid=4294967295 acct=?`).fields.user).toBe('0');
    expect(read(`type=LOGIN ${HEAD} uid=0 auid=1000\u001dUID="root" AUID="alice"`).fields.user).toBe('alice');
    expect(read(`type=LOGIN ${HEAD} uid=0 acct=6A6F652062`).fields.user).toBe('joe b');
  });

  it('takes the program from comm, else from the end of exe, hex or not', () => {
    expect(read(`type=SYSCALL ${HEAD} exe="/usr/sbin/sshd" comm="ssh"`).fields.service).toBe('ssh');
    expect(read(`type=SYSCALL ${HEAD} exe="/usr/sbin/sshd"`).fields.service).toBe('sshd');
    expect(read(`type=SYSCALL ${HEAD} exe=2F62696E2F6120622E7368`).fields.service).toBe('a b.sh');
  });

  it.each([
    ['res=failed', true], ['res=0', true], ['res=success', false], ['success=no', true], ['success=yes', false], ["msg='op=login res=failed'", true],
  ])('knows from %s whether it failed', (field, failed) => {
    expect(read(`type=USER_AUTH ${HEAD} ${field}`).severity).toBe(failed ? 2 : null);
  });

  it('counts denials as failures', () => {
    expect(read(`type=AVC ${HEAD} avc: denied`).severity).toBe(2);
    expect(read(`type=ANOM_ABEND ${HEAD} sig=11`).severity).toBe(2);
    expect(read(`type=AVC_PATH ${HEAD} path="/x"`).severity).toBeNull();
  });

  it('names calls by their architecture, and signals', () => {
    expect(attributes(read(`type=SYSCALL ${HEAD} arch=c000003e syscall=59`))).toMatchObject({ arch: 'x86_64', syscall: 'execve' });
    expect(attributes(read(`type=SYSCALL ${HEAD} arch=40000003 syscall=11`))).toMatchObject({ arch: 'i386', syscall: 'execve' });
    expect(attributes(read(`type=SYSCALL ${HEAD} arch=c00000b7 syscall=221`))).toMatchObject({ arch: 'aarch64', syscall: 'execve' });
    expect(attributes(read(`type=SYSCALL ${HEAD} arch=c000003e syscall=9999 sig=31`))).toMatchObject({ syscall: 9999, sig: 'SIGSYS' });
    expect(attributes(read(`type=SYSCALL ${HEAD} arch=deadbeef syscall=59`))).toMatchObject({ arch: 'deadbeef', syscall: 59 });
  });

  it('keeps numbers of a call in hex, and decodes the arguments of a command', () => {
    expect(attributes(read(`type=SYSCALL ${HEAD} a0=6869 a1=0`))).toMatchObject({ a0: 6869 });
    expect(attributes(read(`type=EXECVE ${HEAD} argc=2 a0="ls" a1=6869`))).toMatchObject({ a1: 'hi' });
    expect(attributes(read(`type=EXECVE ${HEAD} a12=6869`))).toMatchObject({ a12: 'hi' });
  });

  it('starts every record anew', () => {
    const buf = Buffer.from(`type=A ${HEAD} uid=7 addr=10.0.0.1 comm="x" res=0\ntype=B ${HEAD} op=y\n`);
    const sink = new CollectingSink(buf, false);
    auditd.open({ path: 'a', modified: 0, zone: 'UTC', head: buf }).parse(buf, 0, buf.length, buf.length, true, sink);
    expect(sink.records[0]).toMatchObject({ fields: { user: '7', ip: '10.0.0.1', service: 'x' }, severity: 2 });
    expect(sink.records[1]).toMatchObject({ fields: {}, severity: null });
  });
});
