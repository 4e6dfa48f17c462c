import { type CSSProperties, type KeyboardEvent, useRef, useState } from "react";
import { HUB, lettering, type Place, RIM, sector, type WheelSize, wheelStep } from "./wheelmap";
import "./wheel.css";

export interface Field extends Place {
  id: string;
  /** What a screen reader says. */
  spoken: string;
  /** What is written in the field; empty: nothing. */
  written: string;
  /** 0 to 1: how much of its petal's colour it has. */
  depth: number;
  chosen: boolean;
  /** Below a chosen one of the same petal: filled like it, but not the answer. */
  covered: boolean;
}

interface WheelProps {
  size: WheelSize;
  fields: readonly Field[];
  /** Written around the rim, one for each petal; empty: nothing. */
  petals: readonly string[];
  labelledBy: string;
  multiple: boolean;
  /** In the middle: what is chosen. */
  hub: readonly string[];
  onTake(id: string): void;
}

const MARGIN = 12;

/** Petals around a hub with rings of fields; arrows move between fields, Space or Enter chooses. Never mirrored. */
export function Wheel({ size, fields, petals, labelledBy, multiple, hub, onTake }: WheelProps) {
  const drawing = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<{ id: string; seen: boolean } | null>(null);
  const stop =
    fields.find(({ id }) => id === current?.id) ?? fields.find(({ chosen }) => chosen) ?? fields[0];
  const fieldAt = ({ petal, ring }: Place) =>
    fields.find((field) => field.petal === petal && field.ring === ring);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !stop) return;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      onTake(stop.id);
      return;
    }
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const next = fieldAt(wheelStep(stop, event.key, size, (place) => fieldAt(place) !== undefined));
    if (next) drawing.current?.querySelector<SVGElement>(`[data-field="${CSS.escape(next.id)}"]`)?.focus();
  };

  const hubSize = Math.min(7.5, (2 * HUB * 1.6) / Math.max(...hub.map((line) => line.length)));
  const reach = RIM + (petals.some(Boolean) ? MARGIN : 1);
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: group and radiogroup both take a name
    <div
      className="wheel"
      dir="ltr"
      role={multiple ? "group" : "radiogroup"}
      aria-labelledby={labelledBy}
      ref={drawing}
    >
      <svg viewBox={`${-reach} ${-reach} ${2 * reach} ${2 * reach}`} role="presentation">
        {fields.map((field) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: it has a role, but one that biome cannot foresee
          // biome-ignore lint/a11y/useAriaPropsSupportedByRole: radio and checkbox both support aria-checked
          <g
            key={field.id}
            className="wheel-field"
            role={multiple ? "checkbox" : "radio"}
            aria-checked={field.chosen}
            aria-label={field.spoken}
            data-field={field.id}
            data-covered={field.covered || field.chosen}
            tabIndex={field.id === stop?.id ? 0 : -1}
            style={{ "--hue": (field.petal * 360) / size.petals, "--depth": field.depth } as CSSProperties}
            onFocus={(event) => setCurrent({ id: field.id, seen: event.target.matches(":focus-visible") })}
            onBlur={() => setCurrent((was) => (was ? { ...was, seen: false } : was))}
            onKeyDown={onKeyDown}
            onClick={() => onTake(field.id)}
          >
            <path d={sector(field, size)} />
            {field.written ? <Written text={field.written} place={field} size={size} /> : null}
          </g>
        ))}
        {petals.map((name, petal) => (
          <Written key={name} text={name} place={{ petal, ring: size.rings }} size={size} />
        ))}
        {/* Outlines come last, so that no neighbour covers them. */}
        {fields.map((field) =>
          field.chosen ? <path key={field.id} className="wheel-chosen" d={sector(field, size)} /> : null,
        )}
        {current?.seen && stop ? <path className="wheel-focus" d={sector(stop, size)} /> : null}
        <g className="wheel-hub" aria-hidden="true">
          {hub.map((line, index) => (
            <text key={line} y={(index - (hub.length - 1) / 2) * 8} fontSize={hubSize}>
              {line}
            </text>
          ))}
        </g>
      </svg>
    </div>
  );
}

function Written({ text, place, size }: { text: string; place: Place; size: WheelSize }) {
  const { x, y, turn, size: height } = lettering(text, place, size);
  return (
    <text transform={`translate(${x} ${y}) rotate(${turn})`} fontSize={height} aria-hidden="true">
      {text}
    </text>
  );
}
