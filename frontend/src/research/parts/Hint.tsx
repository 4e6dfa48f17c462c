import { type ReactNode, useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from "react";

const MARGIN_PX = 8;

/** A short text on hover or focus of a small button; Escape hides it. */
export function Hint({ label, text, children }: { label: string; text: ReactNode; children?: ReactNode }) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const bubble = useRef<HTMLSpanElement>(null);
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);

  useLayoutEffect(() => {
    if (!open || !button.current || !bubble.current) return;
    const at = button.current.getBoundingClientRect();
    const size = bubble.current.getBoundingClientRect();
    const left = Math.min(Math.max(MARGIN_PX, at.left), window.innerWidth - size.width - MARGIN_PX);
    const below = at.bottom + MARGIN_PX;
    const top = below + size.height > window.innerHeight ? at.top - size.height - MARGIN_PX : below;
    bubble.current.style.transform = `translate(${left}px, ${Math.max(MARGIN_PX, top)}px)`;
  }, [open]);

  useEffect(() => {
    if (!open) return;
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && close();
    window.addEventListener("keydown", onKey);
    window.addEventListener("scroll", close, true);
    return () => {
      window.removeEventListener("keydown", onKey);
      window.removeEventListener("scroll", close, true);
    };
  }, [open, close]);

  return (
    <span className="hint">
      <button
        ref={button}
        type="button"
        className="hint-mark"
        aria-label={children ? undefined : label}
        aria-describedby={open ? id : undefined}
        onMouseEnter={() => setOpen(true)}
        onMouseLeave={close}
        onFocus={() => setOpen(true)}
        onBlur={close}
        onClick={() => setOpen(true)}
      >
        {children ?? "i"}
      </button>
      {open ? (
        <span role="tooltip" id={id} ref={bubble} className="hint-bubble">
          {text}
        </span>
      ) : null}
    </span>
  );
}
