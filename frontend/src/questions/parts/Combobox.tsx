import { type KeyboardEvent, useId, useState } from "react";
import { t } from "../../words/words";
import { suggest } from "./suggest";

interface ComboboxProps {
  labelledBy: string;
  suggestions: readonly string[];
  taken: readonly string[];
  maxLength: number;
  /** No more words can be added. */
  full: boolean;
  /** Whether the word was taken; if not, it stays to be changed. */
  onAdd(word: string): boolean;
}

/** A field for words of one's own with suggestions below: the ARIA combobox with a list. */
export function Combobox({ labelledBy, suggestions, taken, maxLength, full, onAdd }: ComboboxProps) {
  const listId = useId();
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const found = open ? suggest(suggestions, typed, taken) : [];

  const add = (word: string) => {
    if (!onAdd(word)) return;
    setTyped("");
    setOpen(false);
    setActive(-1);
  };
  const move = (by: number) => {
    setOpen(true);
    const count = suggest(suggestions, typed, taken).length;
    // One place more than there are suggestions: back in the field.
    if (count > 0) setActive(((active + 1 + by + count + 1) % (count + 1)) - 1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    switch (event.key) {
      case "ArrowDown":
        move(1);
        break;
      case "ArrowUp":
        move(-1);
        break;
      case "Enter":
      case ",":
        add(found[active] ?? typed);
        break;
      case "Escape":
        setOpen(false);
        setActive(-1);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  return (
    <div className="combobox">
      <input
        type="text"
        role="combobox"
        aria-labelledby={labelledBy}
        aria-autocomplete="list"
        aria-expanded={found.length > 0}
        aria-controls={listId}
        aria-activedescendant={found[active] === undefined ? undefined : `${listId}-${active}`}
        autoComplete="off"
        autoCapitalize="none"
        dir="auto"
        value={typed}
        maxLength={maxLength}
        readOnly={full}
        placeholder={full ? "" : t("type a word")}
        onChange={(event) => {
          setTyped(event.target.value);
          setOpen(true);
          setActive(-1);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          setOpen(false);
          if (typed.trim()) add(typed);
        }}
      />
      <button type="button" disabled={full} onClick={() => add(typed)}>
        {t("Add")}
      </button>
      <div
        id={listId}
        role="listbox"
        aria-labelledby={labelledBy}
        className="suggestions"
        hidden={found.length === 0}
      >
        {found.map((word, index) => (
          <div
            key={word}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className="suggestion"
            dir="auto"
            // The field keeps the focus, so that its text is not added when it loses it.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => add(word)}
            onKeyDown={onKeyDown}
          >
            {word}
          </div>
        ))}
      </div>
    </div>
  );
}
