import { useEffect, useState } from "react";
import { t } from "../words/words";
import { type Chosen, type DeviceKind, devicesOf } from "./capture";

interface PickerProps {
  kind: DeviceKind;
  stream: MediaStream;
  chosen: Chosen;
  onChoose(chosen: Chosen): void;
}

/** Which camera or microphone is used; shown where there are several. */
export function DevicePicker({ kind, stream, chosen, onChoose }: PickerProps) {
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: devices have names once a stream was allowed.
  useEffect(() => {
    let gone = false;
    const look = () =>
      void devicesOf(kind).then((found) => {
        if (!gone) setDevices(found);
      });
    look();
    navigator.mediaDevices.addEventListener("devicechange", look);
    return () => {
      gone = true;
      navigator.mediaDevices.removeEventListener("devicechange", look);
    };
  }, [kind, stream]);
  if (devices.length < 2) return null;
  const [track] = kind === "audioinput" ? stream.getAudioTracks() : stream.getVideoTracks();
  return (
    <label className="device">
      <span>{kind === "audioinput" ? t("Microphone") : t("Camera")}</span>
      <select
        value={track?.getSettings().deviceId ?? ""}
        onChange={(event) => onChoose({ ...chosen, [kind]: event.target.value })}
      >
        {devices.map((one, place) => (
          <option key={one.deviceId} value={one.deviceId}>
            {one.label || `${place + 1}`}
          </option>
        ))}
      </select>
    </label>
  );
}
