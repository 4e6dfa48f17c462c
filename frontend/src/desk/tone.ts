const LOWEST_HZ = 220;
const OCTAVES = 2;
const VOLUME = 0.15;
/** Steps of pitch and volume glide over this time, so that nothing clicks. */
const GLIDE_S = 0.015;

/** A tone whose pitch follows a level, 0..1, over two octaves. It is made when it first sounds, after a gesture. */
export class Tone {
  private context: AudioContext | null = null;
  private oscillator: OscillatorNode | null = null;
  private gain: GainNode | null = null;

  sound(level: number): void {
    const context = this.context ?? this.begin();
    const now = context.currentTime;
    this.oscillator?.frequency.setTargetAtTime(LOWEST_HZ * 2 ** (OCTAVES * level), now, GLIDE_S);
    this.gain?.gain.setTargetAtTime(VOLUME, now, GLIDE_S);
  }

  hush(): void {
    if (this.context) this.gain?.gain.setTargetAtTime(0, this.context.currentTime, GLIDE_S);
  }

  dispose(): void {
    void this.context?.close();
  }

  private begin(): AudioContext {
    const context = new AudioContext({ latencyHint: "interactive" });
    this.gain = context.createGain();
    this.gain.gain.value = 0;
    this.gain.connect(context.destination);
    this.oscillator = context.createOscillator();
    this.oscillator.connect(this.gain);
    this.oscillator.start();
    this.context = context;
    return context;
  }
}
