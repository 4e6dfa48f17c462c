/** Owns listeners, timers and observers; `dispose` ends them all, in reverse order. */
export class Scope {
  private readonly ends: (() => void)[] = [];

  add(end: () => void): void {
    this.ends.push(end);
  }

  listen(
    target: EventTarget,
    type: string,
    handler: (event: Event) => void,
    options?: AddEventListenerOptions,
  ): void {
    target.addEventListener(type, handler, options);
    this.add(() => target.removeEventListener(type, handler, options));
  }

  every(ms: number, tick: () => void): void {
    const timer = setInterval(tick, ms);
    this.add(() => clearInterval(timer));
  }

  dispose(): void {
    for (const end of this.ends.splice(0).reverse()) end();
  }
}
