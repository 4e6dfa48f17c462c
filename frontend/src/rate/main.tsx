import { createRoot } from "react-dom/client";
import { createHttp } from "../api/http";
import { RateApi } from "../api/rate";
import { openDb } from "../base/db";
import { loadQuestionTypes } from "../questions/registry";
import "../tokens.css";
import "../buttons.css";
import "./rate.css";
import { chosenLanguage, keepLanguage, preferredLanguage, speakLanguage } from "../words/languages";
import { t } from "../words/words";
import { App } from "./App";
import { watchConnection, watchedFetch } from "./connection";
import { RaterFlow } from "./flow";
import { earlierToken, identityStore, inviteCode, namedRater } from "./identity";
import { Message } from "./pages/Message";
import { tabPen } from "./tabs";

/** The page begins again in this language; what was rated is kept anyway. */
function begin(storage: Storage, language: string): void {
  keepLanguage(storage, language);
  window.location.reload();
}

async function run(root: HTMLElement): Promise<void> {
  const view = createRoot(root);
  await speakLanguage(preferredLanguage(navigator.languages));
  const code = inviteCode(window.location.pathname);
  if (code === null) {
    return view.render(
      <Message title={t("This link leads nowhere")}>
        <p>{t("An invitation looks like …/s/code. Please check that the whole link was copied.")}</p>
      </Message>,
    );
  }
  let db: IDBDatabase;
  let storage: Storage;
  try {
    db = await openDb(window.indexedDB);
    storage = window.localStorage;
  } catch {
    return view.render(
      <Message title={t("This browser cannot keep your answers")}>
        <p>
          {t(
            "The page must be able to store data on this device until it has arrived. Please allow storage for this site, or leave private browsing, and reload.",
          )}
        </p>
      </Message>,
    );
  }
  watchConnection();
  const api = new RateApi(createHttp(watchedFetch));
  api.language = chosenLanguage(storage);
  const simulated = new URLSearchParams(window.location.search).get("simulated") === "1";
  const flow = new RaterFlow({
    api,
    code,
    identity: identityStore(storage, code, namedRater(window.location.search)),
    pen: tabPen,
    simulated,
    earlier: (codes) => earlierToken(storage, codes),
    speak: speakLanguage,
    prepare: loadQuestionTypes,
  });
  view.render(<App flow={flow} api={api} db={db} onLanguage={(language) => begin(storage, language)} />);
  await flow.start();
}

const root = document.getElementById("root");
if (root) void run(root);
