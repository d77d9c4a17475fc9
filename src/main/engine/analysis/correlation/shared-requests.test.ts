import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SharedRequests } from './shared-requests.ts';

describe('shared requests', () => {
  it('are what maps of names would say', () => {
    const event = fc.record({ id: fc.integer({ min: 0, max: 6000 }), service: fc.integer({ min: 1, max: 5 }), failedAt: fc.oneof(fc.constant(Number.NaN), fc.integer({ min: 0, max: 100 })) });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), fc.boolean(), (some, many) => {
        // Beyond the first 4,096 the table grows.
        const events = many ? [...Array.from({ length: 5000 }, (_, i) => ({ id: i, service: 1, failedAt: Number.NaN })), ...some] : some;
        const requests = new SharedRequests(1e6);
        const known = new Map<number, Map<number, number>>();
        const places: number[] = [];
        const numbers: number[] = [];
        for (const [place, { id, service, failedAt }] of events.entries()) {
          const request = requests.find(Buffer.from(`request-${id}`), place);
          let services = known.get(id);
          if (!services) {
            known.set(id, (services = new Map()));
            places.push(place);
            numbers.push(request);
          }
          requests.add(request, service, failedAt);
          const before = services.get(service);
          services.set(service, before === undefined || Number.isNaN(before) || failedAt < before ? failedAt : before);
        }
        expect(numbers).toEqual([...known.keys()].map((_, request) => request));
        expect(requests.count).toBe(known.size);
        expect(places.map((_, request) => requests.placeOf(request))).toEqual(places);
        const said = [...known.values()].map((services, request) => ({ services: [...services], shared: services.size > 1, request }));
        const found = places.map((_, request) => ({ services: requests.servicesOf(request), shared: requests.isShared(request), request }));
        // Compared as text: an assertion for each of thousands takes seconds.
        expect(JSON.stringify(found)).toBe(JSON.stringify(said));
      }),
      { numRuns: 40 },
    );
  });

  it('are so many at most', () => {
    const requests = new SharedRequests(2);
    expect(['a', 'b', 'c', 'a'].map((id) => requests.find(Buffer.from(id), 0))).toEqual([0, 1, -1, 0]);
  });
});
