import { t } from "../words/words";

export type Sort = "audio" | "video";

/** Which devices the rater chose; left out: the browser's own choice. */
export interface Chosen {
  audioinput?: string;
  videoinput?: string;
}

export type DeviceKind = keyof Chosen;

const FORMATS: Record<Sort, readonly string[]> = {
  audio: ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"],
  video: ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"],
};
/** The bytes of at most so many milliseconds are lost when the machine stops. */
const PIECE_MS = 1000;
// What these do for telephones they do to the voice, too: how loud somebody speaks would be gone.
const UNTOUCHED = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

const REASONS: Record<string, () => string> = {
  NotAllowedError: () =>
    t(
      "This page may not use the camera or microphone. Allow it in the browser, beside the address, then try again.",
    ),
  NotFoundError: () => t("No camera or microphone was found. Connect one, then try again."),
  OverconstrainedError: () => t("The chosen camera or microphone is not there any more. Choose another one."),
  NotReadableError: () =>
    t(
      "Another program uses the camera or microphone, or it does not answer. Close that program, then try again.",
    ),
};

/** The rater can do something about it; the message says what. */
export class CaptureError extends Error {}

/** Camera and microphone, or the microphone alone. */
export async function openDevices(sort: Sort, chosen: Chosen): Promise<MediaStream> {
  if (!navigator.mediaDevices || typeof MediaRecorder === "undefined") {
    throw new CaptureError(
      t("This browser cannot record here. Use a recent browser, and an address that begins with https."),
    );
  }
  const exact = (id: string | undefined) => (id ? { deviceId: { exact: id } } : {});
  const video = { width: { ideal: 1280 }, height: { ideal: 720 }, ...exact(chosen.videoinput) };
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { ...UNTOUCHED, ...exact(chosen.audioinput) },
      video: sort === "video" && video,
    });
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    throw new CaptureError(REASONS[name]?.() ?? t("The camera or microphone could not be opened."));
  }
}

export async function devicesOf(kind: DeviceKind): Promise<MediaDeviceInfo[]> {
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter((one) => one.kind === kind);
}

export function formatFor(sort: Sort): string {
  const found = FORMATS[sort].find((format) => MediaRecorder.isTypeSupported(format));
  if (!found) throw new CaptureError(t("This browser knows no format to record in."));
  return found;
}

/** Records until it is stopped or a device goes away; then all pieces have been given. */
export class Capture {
  readonly ended: Promise<void>;
  private readonly recorder: MediaRecorder;

  constructor(stream: MediaStream, format: string, onPiece: (piece: Blob) => void) {
    this.recorder = new MediaRecorder(stream, { mimeType: format });
    this.recorder.ondataavailable = ({ data }) => {
      if (data.size > 0) onPiece(data);
    };
    this.ended = new Promise((resolve) => {
      this.recorder.onstop = () => resolve();
    });
    this.recorder.start(PIECE_MS);
  }

  stop(): void {
    if (this.recorder.state !== "inactive") this.recorder.stop();
  }
}
