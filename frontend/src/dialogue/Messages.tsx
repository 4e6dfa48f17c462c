import { useEffect, useRef } from "react";
import { t } from "../words/words";
import type { Said } from "./calls";
import type { Unsent } from "./notes";
import type { Role, TalkOptions } from "./options";

interface MessagesProps {
  messages: readonly Said[];
  unsent: readonly Unsent[];
  mine: Role;
  theirs: Role;
  options: TalkOptions;
}

/** What was said, and below it what is on its way. What is new is read out, and scrolled to. */
export function Messages({ messages, unsent, mine, theirs, options }: MessagesProps) {
  const list = useRef<HTMLDivElement>(null);
  const n = messages.length + unsent.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each further message is scrolled to.
  useEffect(() => {
    const node = list.current;
    if (node) node.scrollTop = node.scrollHeight;
  }, [n]);
  const nameOf = (key: string | null) => options.labels.find((label) => label.key === key)?.name ?? null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long conversation scrolls, so the keyboard must get there.
    <div className="messages" role="log" aria-label={t("The conversation")} tabIndex={0} ref={list}>
      {n === 0 ? <p className="hint">{t("Nothing has been said yet.")}</p> : null}
      {messages.map((message) => (
        <Bubble
          key={message.id}
          mine={message.mine}
          who={message.mine ? mine.name : theirs.name}
          text={message.text}
          note={nameOf(message.label)}
        />
      ))}
      {unsent
        .filter(({ id }) => messages.every((message) => message.id !== id))
        .map((one) => (
          <Bubble key={one.id} mine={true} who={mine.name} text={one.text} note={t("on its way …")} pending />
        ))}
    </div>
  );
}

interface BubbleProps {
  mine: boolean;
  who: string;
  text: string;
  note: string | null;
  pending?: boolean;
}

function Bubble({ mine, who, text, note, pending = false }: BubbleProps) {
  return (
    <div className="bubble" data-mine={mine || undefined} data-pending={pending || undefined}>
      <span className="who" dir="auto">
        {mine ? t("{name} (you)", { name: who }) : who}
      </span>
      <p dir="auto">{text}</p>
      {note ? <span className="note">{note}</span> : null}
    </div>
  );
}
