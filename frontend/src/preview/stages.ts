import type { Assignment, Question } from "../api/types";
import type { FlowPage } from "../rate/flow";
import type { Preview, Stage } from "./messages";

/** Where the rater stands when a page is shown. */
export type Place =
  | { name: "welcome" | "about_you" | "instructions" | "practice_over" | "completed" }
  /** `passed`: questions that play the medium and are taken as done already. */
  | { name: "item"; index: number; passed: string[] };

export interface PlacedStage extends Stage {
  place: Place;
}

/** Whether a question has the page to itself while the medium plays. */
export type HasDesk = (question: Question) => boolean;

/** The pages of a study in the order in which a rater gets them. */
export function stagesOf(preview: Preview, hasDesk: HasDesk): PlacedStage[] {
  const practised = preview.assignments.filter((one) => one.practice).length;
  const items = preview.assignments.map((assignment, index) => {
    const name = assignment.practice ? `Practice ${index + 1}` : `Item ${index - practised + 1}`;
    return passesOf(assignment, name, index, hasDesk);
  });
  return [
    { key: "welcome", label: "Welcome", place: { name: "welcome" } },
    ...(preview.invite.study.about_you.length > 0
      ? [{ key: "about-you", label: "About the rater", place: { name: "about_you" } } as const]
      : []),
    { key: "instructions", label: "Instructions", place: { name: "instructions" } },
    ...items.slice(0, practised).flat(),
    ...(practised > 0
      ? [{ key: "practice-over", label: "After practice", place: { name: "practice_over" } } as const]
      : []),
    ...items.slice(practised).flat(),
    { key: "completed", label: "End", place: { name: "completed" } },
  ];
}

/** The stage at which a rater's page is; of an item the first, unless `at` is one of it already. Null: it is none. */
export function stageAt(page: FlowPage, stages: readonly PlacedStage[], preview: Preview, at: string) {
  const own = stages.filter(({ place }) =>
    place.name === "item" && page.name === "item"
      ? preview.assignments[place.index]?.id === page.assignment.id
      : place.name === page.name,
  );
  return own.find(({ key }) => key === at)?.key ?? own[0]?.key ?? null;
}

/** One page for each pass over the medium, and one for all other questions together. */
function passesOf(assignment: Assignment, name: string, index: number, hasDesk: HasDesk): PlacedStage[] {
  const desks = assignment.questions.filter(hasDesk).map((question) => question.key);
  const fields = assignment.questions.length > desks.length;
  const pages = desks.length + (fields ? 1 : 0);
  return Array.from({ length: pages }, (_, pass) => ({
    key: `item-${index}-${pass}`,
    label: pages > 1 ? `${name}, ${desks[pass] ?? "questions"}` : name,
    place: { name: "item", index, passed: desks.slice(0, pass) },
  }));
}
