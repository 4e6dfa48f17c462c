import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import type { RateApi } from "../api/rate";
import type { Assignment } from "../api/types";
import { takeFocus } from "../base/focus";
import { Store, useStore } from "../base/store";
import type { PresenterProps } from "../presenters/define";
import { presenterFor } from "../presenters/registry";
import type { BoundQuestion, KeyHelp } from "../questions/define";
import { bindQuestion } from "../questions/registry";
import { later } from "../words/Later";
import { t } from "../words/words";
import { reachable } from "./connection";
import type { RaterFlow } from "./flow";
import { Instructions } from "./pages/Instructions";
import { ItemPage } from "./pages/ItemPage";
import { Message } from "./pages/Message";
import { Welcome } from "./pages/Welcome";
import { Header } from "./parts/Header";
import { revealKeys } from "./parts/Reveal";
import type { SaveState } from "./workbench";

/** Few studies ask about the rater. */
const AboutYou = later(() => import("./pages/AboutYou").then(({ AboutYou }) => AboutYou));
const Completed = later(() => import("./pages/Completed").then(({ Completed }) => Completed), "after");
const Score = later(() => import("./pages/Score").then(({ Score }) => Score), "after");

interface AppProps {
  flow: RaterFlow;
  api: RateApi;
  db: IDBDatabase;
  /** The rater wants to read the study in this language. */
  onLanguage(language: string): void;
}

type Prepared = { questions: BoundQuestion[]; keys: readonly KeyHelp[] } | { failure: string } | null;

/** Checks everything about an assignment that could keep it from being shown, before it is shown. */
function prepare(assignment: Assignment | null): Prepared {
  if (!assignment) return null;
  try {
    const presenter: { keys: readonly KeyHelp[]; View: React.ComponentType<PresenterProps> } = presenterFor(
      assignment.item,
    );
    const questions = assignment.questions.map(bindQuestion);
    const reveal = assignment.presentation.blur ? revealKeys() : [];
    const keys = [...reveal, ...questions.flatMap((question) => question.keys), ...presenter.keys];
    return { questions, keys };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

function Banners({ simulated }: { simulated: boolean }) {
  const online = useStore(reachable);
  return (
    <>
      {simulated ? (
        <p className="banner simulated">{t("Simulated participation: these answers are not a person's.")}</p>
      ) : null}
      <div role="status">
        {online ? null : (
          <p className="banner offline">
            {t(
              "No connection. Your answers are kept on this device and are sent as soon as the network is back.",
            )}
          </p>
        )}
      </div>
    </>
  );
}

/** Takes the focus when a new page appears, so that the keyboard and a screen reader begin there. */
function PageBody({ name, title, children }: { name: string; title: string | null; children: ReactNode }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (title) document.title = title;
    if (name !== "loading") takeFocus(ref.current);
    window.scrollTo(0, 0);
  }, [name, title]);
  return (
    <div className="page-body" tabIndex={-1} ref={ref}>
      {children}
    </div>
  );
}

export function App({ flow, api, db, onLanguage }: AppProps) {
  const { page, invite, participation, busy } = useStore(flow.state);
  const [save] = useState(() => new Store<SaveState>({ kind: "saved" }));
  const assignment = page.name === "item" ? page.assignment : null;
  const prepared = useMemo(() => prepare(assignment), [assignment]);
  const keys = prepared && "keys" in prepared ? prepared.keys : [];
  const study = invite?.study ?? null;
  const again = { label: t("Try again"), busy, run: () => void flow.tryAgain() };

  const body = () => {
    switch (page.name) {
      case "loading":
        return <p className="page calm">{t("Loading …")}</p>;
      case "trouble":
        return (
          <Message title={t("That did not work")} action={again}>
            <p>{page.message}</p>
            <p>{t("Nothing that you have answered is lost.")}</p>
          </Message>
        );
      case "no_such_invite":
        return (
          <Message title={t("This link leads nowhere")}>
            <p>{t("No study has this invitation. Please check that the whole link was copied.")}</p>
          </Message>
        );
      case "closed":
        return (
          <Message title={t("This study is closed")}>
            <p>{t("It does not take new answers any more. Thank you for your interest.")}</p>
          </Message>
        );
      case "welcome":
        return study ? (
          <Welcome
            study={study}
            textChanged={page.textChanged}
            busy={busy}
            onAgree={() => void flow.agree()}
            onDecline={() => flow.decline()}
          />
        ) : null;
      case "declined":
        return (
          <Message
            title={t("You are not taking part")}
            action={{ label: t("Back to the information"), busy, run: () => flow.reconsider() }}
          >
            <p>{t("Nothing was stored about you. You can close this page.")}</p>
          </Message>
        );
      case "about_you":
        return study ? (
          <AboutYou study={study} busy={busy} onSend={(answers) => void flow.describe(answers)} />
        ) : null;
      case "instructions":
        return study ? (
          <Instructions
            study={study}
            participation={participation}
            busy={busy}
            onBegin={() => void flow.begin()}
          />
        ) : null;
      case "practice_score":
        return <Score scores={page.scores} busy={busy} onNext={() => void flow.proceed()} />;
      case "practice_over":
        return (
          <Message
            title={t("That was the practice")}
            action={{ label: t("Start"), busy, run: () => void flow.proceed() }}
          >
            <p>
              {t(
                "From now on your answers count. There are no right or wrong ones: go by what you perceive.",
              )}
            </p>
          </Message>
        );
      case "item":
        if (prepared && "questions" in prepared) {
          return (
            <ItemPage
              key={page.assignment.id}
              api={api}
              db={db}
              assignment={page.assignment}
              questions={prepared.questions}
              save={save}
              onSubmitted={(receipt) => void flow.submitted(receipt)}
              onSkipped={(participation) => void flow.skipped(participation)}
              onSuperseded={() => void flow.proceed()}
              onLostPen={flow.lostPen}
            />
          );
        }
        return (
          <Message title={t("This item cannot be shown")}>
            <p>{prepared?.failure}</p>
            <p>{t("Please tell the people who run this study.")}</p>
          </Message>
        );
      case "nothing_left":
        return (
          <Message
            title={t("Nothing to rate right now")}
            action={{ label: t("Look again"), busy, run: () => void flow.proceed() }}
          >
            <p>
              {t(
                "All that is left is with other people at the moment. Your answers are saved; please look in later.",
              )}
            </p>
            {participation?.completion_code ? (
              <output className="code">{participation.completion_code}</output>
            ) : null}
          </Message>
        );
      case "completed":
        return <Completed code={participation?.completion_code ?? null} />;
      case "withdrawn":
        return (
          <Message title={t("You have withdrawn")}>
            <p>{t("You do not take part in this study any more. You can close this page.")}</p>
          </Message>
        );
      case "elsewhere":
        return (
          <Message
            title={t("This study is open in another tab")}
            action={{ label: t("Continue here"), busy, run: () => void flow.continueHere() }}
          >
            <p>
              {t("Go on there, or continue here; the other tab then stops. What you rated so far is kept.")}
            </p>
          </Message>
        );
    }
  };

  return (
    <div className="app">
      <Header
        title={study?.title ?? "Affectory"}
        language={study?.language ?? null}
        languages={study?.languages ?? []}
        participation={participation}
        practice={assignment ? assignment.practice : null}
        keys={keys}
        save={save}
        onLanguage={onLanguage}
        onWithdraw={() => void flow.withdraw()}
      />
      <Banners simulated={participation?.simulated ?? false} />
      <PageBody name={page.name} title={study?.title ?? null}>
        {body()}
      </PageBody>
    </div>
  );
}
