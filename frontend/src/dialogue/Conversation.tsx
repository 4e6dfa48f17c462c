import { useEffect, useRef, useState } from "react";
import { useStore } from "../base/store";
import type { DeskProps } from "../questions/define";
import { Prompt } from "../questions/parts/Prompt";
import { t } from "../words/words";
import { Chat } from "./Chat";
import { DialogueCalls } from "./calls";
import { Lobby } from "./Lobby";
import { NoteBook } from "./notes";
import type { TalkOptions } from "./options";
import { Talk } from "./talk";
import { WaitingRoom } from "./WaitingRoom";
import "./dialogue.css";

type Props = DeskProps & { options: TalkOptions };

const after = (ms: number, then: () => void) => {
  const timer = setTimeout(then, ms);
  return () => clearTimeout(timer);
};

/** A talk for as long as this question is on the page. */
function useTalk({ desk, question }: Props): Talk | null {
  const [talk, setTalk] = useState<Talk | null>(null);
  const newest = useRef(desk);
  newest.current = desk;
  const { id } = desk.assignment;
  // biome-ignore lint/correctness/useExhaustiveDependencies: one talk per question of an assignment, whatever is shown of its item.
  useEffect(() => {
    const made = new Talk({
      calls: new DialogueCalls(desk.api, id),
      book: new NoteBook(desk.db),
      wait: after,
      now: () => performance.now(),
      hidden: () => document.hidden,
      random: Math.random,
      itemChanged: () => void newest.current.lookAgain().catch(() => undefined),
    });
    const hurry = () => made.hurry();
    window.addEventListener("online", hurry);
    document.addEventListener("visibilitychange", hurry);
    setTalk(made);
    void made.run();
    return () => {
      made.dispose();
      window.removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", hurry);
    };
  }, [id, question.key]);
  return talk;
}

export function Conversation(props: Props) {
  const talk = useTalk(props);
  return (
    <section className="conversation" aria-labelledby={`prompt-${props.question.key}`}>
      <Prompt question={props.question} />
      {talk ? <Room {...props} talk={talk} /> : null}
    </section>
  );
}

function Room({ talk, desk, options, onDone }: Props & { talk: Talk }) {
  const { phase, dialogue, notice } = useStore(talk.state);
  const said = notice ? (
    <p className="notice" role="alert">
      {notice}
    </p>
  ) : null;
  if (phase === "opening")
    return (
      <p className="calm" role="status">
        {t("Loading …")}
      </p>
    );
  if (phase === "failed")
    return (
      <p className="problem" role="alert">
        {notice}
      </p>
    );
  if (dialogue === null)
    return (
      <>
        {said}
        <Lobby options={options} onSeek={() => talk.seek()} />
      </>
    );
  if (dialogue.state === "waiting")
    return (
      <>
        {said}
        <WaitingRoom
          waitedS={dialogue.waited_s ?? 0}
          options={options}
          onStop={() => void talk.leave(false)}
          onWithout={() => desk.skip("no_partner")}
        />
      </>
    );
  return (
    <>
      {said}
      <Chat
        talk={talk}
        dialogue={dialogue}
        options={options}
        onDone={() => {
          if (dialogue.answer) onDone(dialogue.answer, {});
        }}
      />
    </>
  );
}
