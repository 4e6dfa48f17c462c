import { t } from "../words/words";
import { ApiError } from "./http";
import type { JsonObject } from "./types";

type Sentence = (details: JsonObject) => string;

const unusable: Sentence = () =>
  t("The server could not use what this page sent. Please reload the page and try again.");
const differs: Sentence = () =>
  t(
    "The recording did not arrive as it was made. Please reload the page; if that does not help, tell the people who run this study.",
  );
const unknownLink: Sentence = () => t("This link is no longer valid. Please open your invitation again.");

/** What the server refuses a rater, by the code of its error. One that is not here is told as the server says it. */
const SENTENCES: Readonly<Record<string, Sentence>> = {
  about_you_missing: () => t("Please answer the questions about yourself first."),
  already_skipped: () => t("This item has been skipped."),
  already_submitted: () => t("This item has been submitted already."),
  authentication_failed: unknownLink,
  chunk_conflict: differs,
  chunk_damaged: differs,
  chunk_invalid: differs,
  chunk_too_large: differs,
  chunks_missing: differs,
  chunks_unannounced: differs,
  consent_missing: () => t("Please read and accept the consent text first."),
  consent_text_changed: () => t("This text has changed since you opened the page. Please read it again."),
  digest_mismatch: differs,
  internal_error: () => t("Something went wrong on the server. Please try again in a moment."),
  invalid: unusable,
  invalid_answer: (details) =>
    t("Some answers are not accepted ({questions}). Please look at them again.", {
      questions: Object.keys(details).join(", "),
    }),
  invalid_target: () => t("Please pick somebody."),
  no_skipping: () => t("Items of this study cannot be skipped."),
  not_authenticated: unknownLink,
  not_played: () => t("Please play it as long as this study asks for."),
  not_found: () => t("The server does not know this any more. Please open your invitation again."),
  own_items_only: () =>
    t(
      "This study is about what you made yourself in an earlier one. Please open the link in the browser in which you took part in that.",
    ),
  not_invited: () => t("This study is for people who were sent a link of their own. Please use that link."),
  parse_error: unusable,
  response_exists: unusable,
  stale_writer: () => t("This study is open in another tab"),
  study_closed: () => t("It does not take new answers any more. Thank you for your interest."),
  too_large: unusable,
  trace_elsewhere: differs,
  trace_finished: differs,
  withdrawn: () => t("You do not take part in this study any more. You can close this page."),
};

/** The same error, with a message in the language of the page. */
export function toldToRater(error: ApiError): ApiError {
  const { status, code, details, retryAfterMs } = error;
  const message = SENTENCES[code]?.(details) ?? error.message;
  return new ApiError(status, { code, message, details }, retryAfterMs);
}
