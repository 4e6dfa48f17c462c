import { useEffect, useRef } from "react";
import type { Item } from "../../api/types";
import { t } from "../../words/words";
import { boxAt, pictureIn } from "../people";
import "./people.css";

interface PeopleProps {
  item: Item;
  media: HTMLVideoElement | HTMLImageElement | null;
}

/** How large the picture is in itself, and when it is looked at: a still picture is its own first moment. */
function pictureOf(media: HTMLVideoElement | HTMLImageElement) {
  return media instanceof HTMLVideoElement
    ? { width: media.videoWidth, height: media.videoHeight, time_s: media.currentTime }
    : { width: media.naturalWidth, height: media.naturalHeight, time_s: 0 };
}

/** A frame with a name around each person in the film or picture; the one who is rated stands out. */
export function People({ item, media }: PeopleProps) {
  const layer = useRef<HTMLDivElement>(null);
  const { people } = item;

  useEffect(() => {
    if (!media || people.length === 0) return;
    let frame = requestAnimationFrame(function follow() {
      const marks = [...(layer.current?.children ?? [])] as HTMLElement[];
      const picture = pictureOf(media);
      const shown = pictureIn({ width: media.clientWidth, height: media.clientHeight }, picture);
      marks.forEach((mark, index) => {
        const box = boxAt(people[index]?.boxes ?? [], picture.time_s);
        mark.hidden = box === null;
        if (!box) return;
        mark.style.left = `${media.offsetLeft + shown.left + box.left * shown.width}px`;
        mark.style.top = `${media.offsetTop + shown.top + box.top * shown.height}px`;
        mark.style.width = `${box.width * shown.width}px`;
        mark.style.height = `${box.height * shown.height}px`;
      });
      frame = requestAnimationFrame(follow);
    });
    return () => cancelAnimationFrame(frame);
  }, [media, people]);

  return (
    <div className="people" ref={layer} aria-hidden="true">
      {people.map(({ name }) => (
        <div
          key={name}
          className={name === item.target ? "person target" : "person"}
          data-person={name}
          hidden
        >
          <span dir="auto">{name}</span>
        </div>
      ))}
    </div>
  );
}

/** Who is rated, in words, for everybody who does not see the frames. */
export function TargetName({ item }: { item: Item }) {
  if (!item.target) return null;
  return <p className="target-name">{t("Rate this one: {target}", { target: item.target })}</p>;
}
