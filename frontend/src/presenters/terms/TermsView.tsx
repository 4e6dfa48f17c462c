import type { PresenterProps } from "../define";
import "./terms.css";

/** Words that are rated together. */
export function TermsView({ item }: PresenterProps) {
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
