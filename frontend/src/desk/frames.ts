import type { Medium } from "./medium";

const MS_PER_S = 1000;

/** One picture of a medium, and when it reaches the screen. */
export interface ShownFrame {
  /** Performance clock. */
  shownMs: number;
  /** Media time that the picture belongs to. */
  mediaS: number;
  /** Its number among those that were due; one that is left out was never seen. */
  number: number;
}

export type OnFrame = (frame: ShownFrame) => void;

/** A medium that tells itself what it shows. */
export interface FramedMedium extends Medium {
  /** Until the returned function is called. */
  followFrames(onFrame: OnFrame): () => void;
}

const tellsFrames = (media: Medium): media is FramedMedium => "followFrames" in media;

/** How to hear of each picture that is shown; null where there are none, or the browser does not tell. */
export function framesOf(media: Medium): ((onFrame: OnFrame) => () => void) | null {
  if (tellsFrames(media)) return (onFrame) => media.followFrames(onFrame);
  if (media instanceof HTMLVideoElement && "requestVideoFrameCallback" in media) {
    return (onFrame) => followVideo(media, onFrame);
  }
  return null;
}

function followVideo(video: HTMLVideoElement, onFrame: OnFrame): () => void {
  let handle = 0;
  const next = (_now: number, frame: VideoFrameCallbackMetadata) => {
    onFrame({
      shownMs: frame.expectedDisplayTime,
      mediaS: frame.mediaTime,
      number: frame.presentedFrames,
    });
    handle = video.requestVideoFrameCallback(next);
  };
  handle = video.requestVideoFrameCallback(next);
  return () => video.cancelVideoFrameCallback(handle);
}

const REFRESHES = 61;
const USUAL_REFRESH_MS = MS_PER_S / 60;

/** Time between two refreshes of the screen, from the times of animation frames; late ones do not count. */
export class RefreshPeriod {
  private readonly gaps: number[] = [];
  private lastMs: number | null = null;
  private found = USUAL_REFRESH_MS;

  get ms(): number {
    return this.found;
  }

  frame(atMs: number): void {
    if (this.lastMs !== null && this.gaps.length < REFRESHES) {
      this.gaps.push(atMs - this.lastMs);
      if (this.gaps.length === REFRESHES)
        this.found = this.gaps.sort((a, b) => a - b)[REFRESHES >> 1] as number;
    }
    this.lastMs = atMs;
  }
}
