import type { Presenter, PresenterProps } from "./define";
import { Missing } from "./parts/Missing";

function TextView({ item }: PresenterProps) {
  if (!item.text) return <Missing what="The text" />;
  return (
    <blockquote className="reading" dir="auto">
      {item.text}
    </blockquote>
  );
}

export const presenter: Presenter = { kind: "text", keys: [], View: TextView };
