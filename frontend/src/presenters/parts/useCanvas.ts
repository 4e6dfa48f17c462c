import { type RefObject, useEffect, useRef } from "react";

export interface Surface {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
  /** The value of a CSS variable at this place. */
  colour(name: string): string;
}

/** A canvas drawn by `draw` now, after each change of size or colour scheme, and whenever `draw` is a new function. */
export function useCanvas(draw: (surface: Surface) => void): RefObject<HTMLCanvasElement | null> {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return;
    const paint = () => {
      const ratio = window.devicePixelRatio || 1;
      const { width, height } = canvas.getBoundingClientRect();
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const style = getComputedStyle(canvas);
      draw({ context, width, height, colour: (name) => style.getPropertyValue(name).trim() });
    };
    const observer = new ResizeObserver(paint);
    observer.observe(canvas);
    const scheme = window.matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", paint);
    return () => {
      observer.disconnect();
      scheme.removeEventListener("change", paint);
    };
  }, [draw]);
  return ref;
}
