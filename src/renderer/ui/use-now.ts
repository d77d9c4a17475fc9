import { useEffect, useState } from 'react';

/** The time now in milliseconds, every so often; for what counts down or says how long ago. */
export function useNow(every: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
