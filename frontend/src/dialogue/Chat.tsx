import { useEffect, useRef } from "react";
import { useStore } from "../base/store";
import { t, tn } from "../words/words";
import { Composer } from "./Composer";
import type { Dialogue } from "./calls";
import { Farewell } from "./Farewell";
import { Messages } from "./Messages";
import type { Role, TalkOptions } from "./options";
import { isAlone, isOver, stateOf } from "./partner";
import type { Talk } from "./talk";
import { useTitle } from "./useTitle";

interface ChatProps {
  talk: Talk;
  dialogue: Dialogue;
  options: TalkOptions;
  onDone(): void;
}

export function Chat({ talk, dialogue, options, onDone }: ChatProps) {
  const { messages, notes, offline } = useStore(talk.state);
  const mine = options.roles.find(({ key }) => key === dialogue.role) as Role;
  const theirs = options.roles.find(({ key }) => key !== dialogue.role) as Role;
  const ended = dialogue.state === "ended";
  useUnread(messages.filter((message) => !message.mine).length, dialogue);
  return (
    <div className="chat">
      <p className="own-role" dir="auto">
        <strong>{t("You: {role}", { role: mine.name })}</strong> {mine.text}
      </p>
      <Messages messages={messages} unsent={notes.unsent} mine={mine} theirs={theirs} options={options} />
      <p className="presence" aria-hidden="true" data-partner={isOver(dialogue) ? "left" : dialogue.partner}>
        {stateOf(dialogue, theirs, offline)}
      </p>
      {/* That somebody writes comes and goes too often to be read out each time. */}
      <p className="spoken" role="status">
        {stateOf({ ...dialogue, partner: steady(dialogue.partner) }, theirs, offline)}
      </p>
      {isOver(dialogue) ? null : (
        <Composer
          options={options}
          role={mine}
          mayWrite={dialogue.my_turn && !(options.alternate && notes.unsent.length > 0)}
          typed={notes.typed}
          onType={(text) => talk.typed(text)}
          onSend={(text, label) => talk.send(text, label)}
        />
      )}
      {ended ? null : <p className="hint turns">{turnsSoFar(dialogue.turns, options)}</p>}
      <Farewell
        dialogue={dialogue}
        revealed={ended && options.reveal && !mine.seesItem}
        busy={notes.unsent.length > 0 && !isOver(dialogue)}
        onEnd={() => void talk.end()}
        onLeave={() => void talk.leave(isAlone(dialogue))}
        onDone={onDone}
      />
    </div>
  );
}

const steady = (partner: Dialogue["partner"]): Dialogue["partner"] =>
  partner === "writing" ? "here" : partner;

function turnsSoFar(turns: number, { minTurns, maxTurns }: TalkOptions): string {
  const so = tn(turns, "{n} message so far", "{n} messages so far");
  return maxTurns === null
    ? t("{so} (at least {minTurns})", { so, minTurns })
    : t("{so} (at least {minTurns}, at most {maxTurns})", { so, minTurns, maxTurns });
}

/** Says in the title of the tab what came while the page was out of sight. */
function useUnread(heard: number, { state, id }: Dialogue): void {
  const setTitle = useTitle();
  const seen = useRef(document.hidden ? "" : `${id} ${state} ${heard}`);
  const now = `${id} ${state} ${heard}`;
  useEffect(() => {
    const onSight = () => {
      if (document.hidden) return;
      seen.current = now;
      setTitle("");
    };
    onSight();
    if (document.hidden && seen.current !== now)
      setTitle(heard > 0 ? t("New message") : t("Your partner is here"));
    document.addEventListener("visibilitychange", onSight);
    return () => document.removeEventListener("visibilitychange", onSight);
  }, [now, heard, setTitle]);
}
