import type { Item } from "../api/types";
import { t } from "../words/words";
import type { Presenter } from "./define";

const modules = import.meta.glob<{ presenter: Presenter }>("./*.tsx", { eager: true });
const presenters = new Map(Object.values(modules).map(({ presenter }) => [presenter.kind, presenter]));

/** How an item is shown. A video given without its picture is shown as sound. */
export function presenterFor(item: Item): Presenter {
  const soundOnly = item.kind === "video" && item.media.proxy?.media_type.startsWith("audio/");
  const kind = soundOnly ? "audio" : item.kind;
  const found = presenters.get(kind);
  if (!found)
    throw new Error(t('This page does not know how to show an item of the kind "{kind}".', { kind }));
  return found;
}
