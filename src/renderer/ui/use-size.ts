import { useCallback, useState } from 'react';

interface Size {
  /** CSS pixels with the border, 0 until the element is laid out */
  width: number;
  height: number;
}

/**
 * The size of an element as it is laid out. It follows the observation itself and not a frame of its own after it, where of
 * two changes close together the later one was lost: the timeline then stayed as wide as before a scroll bar came.
 */
export function useSize<T extends HTMLElement = HTMLDivElement>(): Size & { ref: (node: T) => () => void } {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const ref = useCallback((node: T) => {
    const observer = new ResizeObserver(([{ borderBoxSize: [{ inlineSize: width, blockSize: height }] }]) => setSize({ width, height }));
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  return { ref, ...size };
}
