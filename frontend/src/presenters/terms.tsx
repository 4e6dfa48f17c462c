import type { Presenter, PresenterProps } from "./define";
import "./terms.css";

/** Words that are rated together. */
function TermsView({ item }: PresenterProps) {
  return (
    <ul className="terms">
      {item.parts.map((part) => (
        <li key={part.name} className="term" dir="auto">
          {part.item.text}
        </li>
      ))}
    </ul>
  );
}

export const presenter: Presenter = { kind: "terms", keys: [], View: TermsView };
