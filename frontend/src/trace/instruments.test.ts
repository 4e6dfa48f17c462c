import { describe, expect, test } from "vitest";
import { markOf, marksOf } from "./changes";
import { AutoRange, History } from "./history";
import { TraceRecorder } from "./recorder";
import { NOMINAL, StickCalibration, stickPart } from "./stick";
import { curveAt } from "./target";
import { type WheelFacts, type WheelTurn, wheelTurn } from "./wheel";

describe("wheel", () => {
  const turnOf = (facts: WheelFacts): WheelTurn => {
    const out: WheelTurn = { notches: 0, device: "wheel" };
    wheelTurn(facts, out);
    return out;
  };

  test("one notch is one notch, however the browser tells it", () => {
    const told = [
      { deltaY: -100, deltaMode: 0, wheelDeltaY: 120 },
      { deltaY: -120, deltaMode: 0, wheelDeltaY: 120 },
      { deltaY: -53, deltaMode: 0, wheelDeltaY: 120 },
      { deltaY: -114, deltaMode: 0 },
      { deltaY: -3, deltaMode: 1, wheelDeltaY: 144 },
      { deltaY: -1, deltaMode: 2 },
    ];
    for (const facts of told) expect(turnOf(facts)).toEqual({ notches: 1, device: "wheel" });
  });

  test("a touch pad moves by its way, not by the number of its events", () => {
    let sum = 0;
    for (let i = 0; i < 40; i++) {
      const turn = turnOf({ deltaY: 2.5, deltaMode: 0, wheelDeltaY: -7 });
      expect(turn.device).toBe("trackpad");
      sum += turn.notches;
    }
    expect(sum).toBeCloseTo(-1);
  });
});

describe("joystick", () => {
  test("learns a centre that is off and ends that differ, and stretches both halves", () => {
    const learnt = new StickCalibration();
    for (let i = 0; i < 30; i++) learnt.rest([0.1 + (i % 2 ? 0.01 : -0.01)]);
    for (const raw of [0.1, -0.7, 0.9, 0.1]) learnt.move([raw]);
    const [axis = NOMINAL] = learnt.axes();
    expect(axis.centre).toBeCloseTo(0.1);
    expect(stickPart(axis.centre, axis)).toBe(0);
    expect(stickPart(-0.7, axis)).toBeCloseTo(-1);
    expect(stickPart(0.9, axis)).toBeCloseTo(1);
    expect(stickPart(-0.9, axis)).toBe(-1);
  });

  test("does not move within the dead zone, and leaves it without a jump", () => {
    expect(stickPart(0.08, NOMINAL)).toBe(0);
    expect(stickPart(0.081, NOMINAL)).toBeLessThan(0.002);
  });

  test("an axis that was not moved keeps its nominal ends", () => {
    const learnt = new StickCalibration();
    learnt.rest([0, 0.02]);
    learnt.move([1, 0.05]);
    expect(learnt.axes()[1]).toMatchObject({ low: -1, high: 1 });
  });
});

describe("the past behind a dot", () => {
  test("keeps a steady pace and a fixed length, however long the trace", () => {
    const history = new History(2, 10);
    for (let i = 0; i <= 1000; i++) history.add(i / 60, i);
    expect(history.length).toBe(20);
    const newest = history.timesS[history.place(history.length - 1)] as number;
    const oldest = history.timesS[history.place(0)] as number;
    expect(newest - oldest).toBeLessThan(2.4);
    expect(newest).toBeGreaterThan(16.5);
  });

  test("begins anew when the medium goes back", () => {
    const history = new History(10);
    history.add(5, 1);
    history.add(2, 0);
    expect([history.length, history.timesS[history.place(0)]]).toEqual([1, 2]);
  });

  test("an unbounded view always holds the value and never shrinks", () => {
    const range = new AutoRange(0, 10);
    let span = 0;
    for (const value of [0, 4, 30, -2, 31, -400, 0]) {
      range.include(value);
      expect(range.min).toBeLessThan(value);
      expect(range.max).toBeGreaterThan(value);
      expect(range.max - range.min).toBeGreaterThanOrEqual(span);
      span = range.max - range.min;
    }
  });
});

test("a target is straight between its points and level beyond them", () => {
  const curve = { timesS: [1, 3], values: [[0, 1], [1, -1]] }; // biome-ignore format: one line reads best
  const out = new Float64Array(2);
  const at = (atS: number) => (curveAt(curve, atS, out) ? [...out] : null);
  expect(at(0)).toEqual([0, 1]);
  expect(at(2)).toEqual([0.5, 0]);
  expect(at(9)).toEqual([1, -1]);
  expect(curveAt({ timesS: [], values: [] }, 1, out)).toBe(false);
});

describe("marks of change", () => {
  test("lie as the number block does", () => {
    expect(marksOf(1)).toEqual([1, 0, -1].map((y) => ({ x: 0, y })));
    expect(marksOf(2)).toHaveLength(9);
    expect(markOf("Numpad7")).toEqual({ x: -1, y: 1 });
    expect(markOf("Numpad5")).toEqual({ x: 0, y: 0 });
    expect(markOf("Numpad3")).toEqual({ x: 1, y: -1 });
    expect(markOf("ArrowUp")).toEqual({ x: 0, y: 1 });
    expect(markOf("KeyX")).toBeNull();
  });
});

test("the log tells each device when it is taken up, with what is known of it", () => {
  const recorder = new TraceRecorder([0], 0);
  recorder.describe("gamepad", { name: "stick", dead_zone: 0.08 });
  recorder.sample("mouse", 1, 0);
  recorder.sample("gamepad", 2, 50);
  recorder.sample("gamepad", 3, 60);
  recorder.sample("wheel", 4, 1);
  const devices = recorder.log.drain().flatMap((text) => {
    const [, kind, , , , note] = JSON.parse(text) as [number, string, number, null, number[], object];
    return kind === "device" ? [note] : [];
  });
  expect(devices).toEqual([
    { input: "mouse" },
    { input: "gamepad", name: "stick", dead_zone: 0.08 },
    { input: "wheel" },
  ]);
});
