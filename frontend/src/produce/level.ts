/** A window longer than the time between two looks at it, so that no sound is missed. */
const WINDOW_SAMPLES = 16_384;

/** How loud the microphone is. */
export class Level {
  private readonly context = new AudioContext();
  private readonly analyser = this.context.createAnalyser();
  private readonly samples = new Float32Array(WINDOW_SAMPLES);

  constructor(stream: MediaStream) {
    this.analyser.fftSize = WINDOW_SAMPLES;
    this.context.createMediaStreamSource(stream).connect(this.analyser);
    void this.context.resume();
  }

  /** The loudest sample of the last third of a second, 0..1. */
  peak(): number {
    this.analyser.getFloatTimeDomainData(this.samples);
    let most = 0;
    for (const sample of this.samples) most = Math.max(most, Math.abs(sample));
    return Math.min(1, most);
  }

  dispose(): void {
    void this.context.close();
  }
}

/** -60 dB is the left end of the meter, full scale the right one. */
export const onMeter = (peak: number): number =>
  Math.max(0, Math.min(1, 1 + Math.log10(Math.max(peak, 1e-6)) / 3));

/** Below this nothing but the hiss of the microphone is heard: -50 dB. */
export const SILENT = 0.003;
