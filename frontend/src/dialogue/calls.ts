import type { RateApi } from "../api/rate";
import type { components } from "../api/schema";
import type { JsonObject } from "../api/types";

export type Said = components["schemas"]["MessageShape"];
export type Sign = "here" | "writing" | "hidden";
export type Dialogue = Omit<components["schemas"]["DialogueShape"], "answer" | "partner"> & {
  answer: JsonObject | null;
  partner: "here" | "writing" | "away" | "gone" | "left" | null;
};

/** The calls of two raters who talk about an item. */
export class DialogueCalls {
  private readonly api: RateApi;
  private readonly seat: string;

  constructor(api: RateApi, assignment: string) {
    this.api = api;
    this.seat = `seats/${assignment}/`;
  }

  /** The dialogue that this rater waits for, or has; null: none. */
  own(): Promise<Dialogue | null> {
    return this.api.call("GET", this.seat);
  }

  /** Looks for a partner; repeated while she waits. */
  enter(): Promise<Dialogue> {
    return this.api.call("POST", this.seat, {});
  }

  look(dialogue: string, after: number, sign: Sign): Promise<Dialogue> {
    return this.api.call("GET", `dialogues/${dialogue}/?after=${after}&sign=${sign}`);
  }

  say(dialogue: string, message: string, text: string, label: string): Promise<Said> {
    return this.api.call("PUT", `dialogues/${dialogue}/messages/${message}/`, { text, label });
  }

  end(dialogue: string): Promise<Dialogue> {
    return this.api.call("POST", `dialogues/${dialogue}/end/`, {});
  }

  leave(dialogue: string): Promise<null> {
    return this.api.call("POST", `dialogues/${dialogue}/leave/`, {});
  }
}
