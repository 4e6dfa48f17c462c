import { createRoot } from "react-dom/client";
import { RateApi } from "../api/rate";
import type { Question } from "../api/types";
import { openDb } from "../base/db";
import { newUuid } from "../base/uuid";
import { bindQuestion, loadQuestionTypes } from "../questions/registry";
import { App } from "../rate/App";
import { newAnswer, newDraft, saveDraft } from "../rate/drafts";
import { RaterFlow } from "../rate/flow";
import type { Identity } from "../rate/identity";
import { api } from "../research/data/api";
import { speakLanguage } from "../words/languages";
import type { Show, Told, Verdict } from "./messages";
import { wear } from "./scheme";
import { PreviewServer, type Tried } from "./server";
import { type Place, stageAt, stagesOf } from "./stages";
import "../tokens.css";
import "../buttons.css";
import "../rate/rate.css";

const tell = (told: Told) => window.parent.postMessage(told, window.location.origin);

/** A question that this page cannot show says so on its own page. */
function hasDesk(question: Question): boolean {
  try {
    return bindQuestion(question).layout === "desk";
  } catch {
    return false;
  }
}

function judgeOf({ text, source }: Show): (tried: Tried) => Promise<Verdict> {
  return async (tried) => {
    const verdict = await api.post<Verdict>("protocols/preview/submit/", { text, ...source, ...tried });
    tell({ kind: "verdict", verdict });
    return verdict;
  };
}

/** What came before this place is done, with nothing recorded. */
async function prepare(db: IDBDatabase, server: PreviewServer, show: Show, place: Place): Promise<Identity> {
  const { assignments } = show.preview;
  const identity = { arrival_id: newUuid(), token: "preview", begun: true };
  if (place.name === "welcome") return { ...identity, token: null, begun: false };
  if (place.name === "about_you" || place.name === "instructions") {
    server.place("consented", 0, place.name === "instructions");
    return { ...identity, begun: false };
  }
  if (place.name === "item") {
    const assignment = assignments[place.index];
    server.place("rating", place.index);
    if (assignment) {
      const answers = place.passed.map((key) => [key, { ...newAnswer(), value: { trace: newUuid() } }]);
      await saveDraft(db, { ...newDraft(assignment.id), answers: Object.fromEntries(answers) });
    }
    return identity;
  }
  const practised = assignments.filter((one) => one.practice).length;
  const over = place.name === "completed";
  server.place(over ? "completed" : "rating", over ? assignments.length : practised);
  return identity;
}

async function begin(show: Show, db: IDBDatabase): Promise<{ flow: RaterFlow; rater: RateApi }> {
  const { preview } = show;
  await loadQuestionTypes(preview.assignments.flatMap(({ questions }) => questions));
  const stages = stagesOf(preview, hasDesk);
  tell({ kind: "stages", stages: stages.map(({ key, label }) => ({ key, label })) });
  const { place } = stages.find(({ key }) => key === show.stage) ?? { place: { name: "welcome" } as const };
  const server = new PreviewServer(preview, judgeOf(show));
  let identity = await prepare(db, server, show, place);
  const rater = new RateApi(server);
  const flow = new RaterFlow({
    api: rater,
    code: "preview",
    identity: {
      load: () => identity,
      save(kept) {
        identity = kept;
      },
    },
    pen: { take: () => Promise.resolve(true) },
    simulated: false,
    earlier: () => "",
    speak: speakLanguage,
    prepare: loadQuestionTypes,
  });
  await flow.start();
  if (place.name === "practice_over") flow.state.patch({ page: { name: "practice_over" } });
  let at = show.stage;
  flow.state.subscribe(() => {
    const stage = stageAt(flow.state.get().page, stages, preview, at);
    if (stage === null || stage === at) return;
    at = stage;
    tell({ kind: "at", stage });
  });
  return { flow, rater };
}

async function run(root: HTMLElement): Promise<void> {
  const view = createRoot(root);
  const name = `affectory-preview-${newUuid()}`;
  const db = await openDb(window.indexedDB, name);
  window.addEventListener("pagehide", () => {
    db.close();
    window.indexedDB.deleteDatabase(name);
  });
  let shown = 0;
  const showAgain = async (show: Show) => {
    const mine = ++shown;
    wear(show.scheme);
    const { flow, rater } = await begin(show, db);
    // Something newer may have been asked for meanwhile.
    if (mine !== shown) return;
    const onLanguage = (language: string) => tell({ kind: "language", language });
    view.render(<App key={mine} flow={flow} api={rater} db={db} onLanguage={onLanguage} />);
  };
  window.addEventListener("message", ({ origin, source, data }: MessageEvent<Show>) => {
    if (origin === window.location.origin && source === window.parent && data.kind === "show")
      void showAgain(data);
  });
  tell({ kind: "ready" });
}

const root = document.getElementById("root");
if (root) void run(root);
