import { afterEach, expect, test } from "vitest";
import es from "../words/after/es.json";
import { speak } from "../words/words";
import { createHttp } from "./http";
import { RateApi } from "./rate";

afterEach(() => speak({}));

const refusing = (code: string, details = {}): RateApi => {
  const body = JSON.stringify({ code, message: "in English", details });
  return new RateApi(createHttp(async () => new Response(body, { status: 409 })));
};

test("a refusal is told by its code in the language of the page", async () => {
  speak(es, "es");
  await expect(refusing("already_skipped").participation()).rejects.toMatchObject({
    code: "already_skipped",
    status: 409,
    message: "Este elemento se ha saltado.",
  });
});

test("which answers are wrong is said", async () => {
  const answer = refusing("invalid_answer", { mood: { valence: "is not on its step." } }).participation();
  await expect(answer).rejects.toThrow("Some answers are not accepted (mood).");
});

test("a code without words is told as the server says it", async () => {
  speak(es, "es");
  await expect(refusing("brand_new").participation()).rejects.toThrow("in English");
});
