import { createContext, type SyntheticEvent, useCallback, useContext, useMemo, useRef } from "react";
import type { Item, JsonObject, Part } from "../../api/types";
import type { Medium } from "../../desk/medium";
import { letter } from "../../questions/parts/candidates";
import { t } from "../../words/words";
import type { PresenterProps } from "../define";
import "../text/text.css";
import "./group.css";
import { presenterFor } from "../registry";

const asItem = (part: Part): Item => ({ ...part.item, parts: [], samples: null, frames_s: [] });

/** Hears how each part is looked at, and what plays it. */
interface PartsReport {
  view(part: string, view: JsonObject): void;
  media(part: string, media: Medium | null): void;
}

const Parts = createContext<PartsReport>({ view: () => undefined, media: () => undefined });

/** A part by its own presenter. Its medium is played by the rater alone. */
function Shown({ part }: { part: Part }) {
  const item = useMemo(() => asItem(part), [part]);
  const report = useContext(Parts);
  const onView = useCallback((view: JsonObject) => report.view(part.name, view), [report, part.name]);
  const onMedia = useCallback((media: Medium | null) => report.media(part.name, media), [report, part.name]);
  const { View } = presenterFor(item);
  return <View item={item} driven={false} timed={false} onMedia={onMedia} onView={onView} />;
}

interface LabelledProps {
  part: Part;
  /** The letter that questions call it by; a fixed part has its name. */
  mark: string | null;
}

function Labelled({ part, mark }: LabelledProps) {
  const id = `part-${part.name}`;
  return (
    <section className="group-part" data-part={part.name} data-kind={part.item.kind} aria-labelledby={id}>
      <h3 id={id} className={mark ? "part-mark" : "part-name"}>
        {mark ?? part.name}
      </h3>
      <Shown part={part} />
    </section>
  );
}

const SEEN = new Set(["image", "video"]);
const READ = new Set(["text", "dialogue"]);

/** A picture or film with the words that belong to it, when nothing is to be chosen between. */
function captionOf(parts: readonly Part[]): { picture: Part; caption: Part } | null {
  const [picture, caption] = parts;
  if (parts.length !== 2 || !picture?.fixed || !caption?.fixed) return null;
  return SEEN.has(picture.item.kind) && READ.has(caption.item.kind) ? { picture, caption } : null;
}

function Captioned({ picture, caption }: { picture: Part; caption: Part }) {
  return (
    <figure className="captioned">
      <div data-part={picture.name}>
        <Shown part={picture} />
      </div>
      {caption.item.kind === "text" ? (
        <figcaption className="reading" dir="auto">
          {caption.item.text}
        </figcaption>
      ) : (
        <figcaption data-part={caption.name}>
          <Shown part={caption} />
        </figcaption>
      )}
    </figure>
  );
}

export function GroupView({ item, onMedia, onView }: PresenterProps) {
  const stage = useRef<HTMLDivElement>(null);
  const views = useRef<JsonObject>({});
  const report = useMemo<PartsReport>(
    () => ({
      view(part, view) {
        views.current = { ...views.current, [part]: view };
        onView(views.current);
      },
      media: (part, media) => onMedia(media, part),
    }),
    [onMedia, onView],
  );
  const playAlone = (event: SyntheticEvent<HTMLDivElement>) => {
    for (const media of stage.current?.querySelectorAll<HTMLMediaElement>("video, audio") ?? []) {
      if (media !== event.target) media.pause();
    }
  };
  const captioned = captionOf(item.parts);
  const fixed = item.parts.filter((part) => part.fixed);
  const candidates = item.parts.filter((part) => !part.fixed);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls; these are things to look at.
    <div ref={stage} className="group" role="group" aria-label={t("What to rate")} onPlayCapture={playAlone}>
      <Parts value={report}>
        {captioned ? (
          <Captioned {...captioned} />
        ) : (
          <>
            {fixed.map((part) => (
              <Labelled key={part.name} part={part} mark={null} />
            ))}
            <div className="group-parts">
              {candidates.map((part, place) => (
                <Labelled key={part.name} part={part} mark={letter(place)} />
              ))}
            </div>
          </>
        )}
      </Parts>
    </div>
  );
}
