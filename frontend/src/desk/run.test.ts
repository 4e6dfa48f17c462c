import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TraceRecorder } from "../trace/recorder";
import { type RunPorts, runInstrument } from "./run";

let sizeChanges: () => void;

class Observer {
  constructor(changed: () => void) {
    sizeChanges = changed;
  }
  observe(): void {}
  disconnect(): void {}
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "setInterval", "clearInterval"] });
  vi.stubGlobal("requestAnimationFrame", () => 0);
  vi.stubGlobal("cancelAnimationFrame", () => undefined);
  vi.stubGlobal("ResizeObserver", Observer);
  vi.stubGlobal("document", new EventTarget());
  vi.stubGlobal("window", Object.assign(new EventTarget(), { matchMedia: () => new EventTarget() }));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a rating field that changes its size while it is used is measured anew, and the log says so", () => {
  const recorder = new TraceRecorder([0], 0);
  const player = { recording: false };
  const box = { width: 300, height: 200.4 };
  const measure = vi.fn();
  const dispose = vi.fn();
  const end = runInstrument({
    session: { recorder },
    player,
    instrument: { measure, dispose },
    heartbeatHz: 1,
    nodes: { surface: { getBoundingClientRect: () => box } },
  } as unknown as RunPorts);
  // The first call tells the size that it has; before the start nothing is recorded.
  sizeChanges();
  sizeChanges();
  player.recording = true;
  box.width = 200;
  sizeChanges();
  const marks = recorder.log.drain().map((text) => JSON.parse(text) as unknown[]);
  expect(marks.map(([, kind, , , , note]) => [kind, note])).toEqual([["resize", { pad: [200, 200] }]]);
  expect(measure).toHaveBeenCalledTimes(3);
  end();
  expect(dispose).toHaveBeenCalledOnce();
});
