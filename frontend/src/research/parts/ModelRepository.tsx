import { Snippet } from "./Copy";

/** What a model repository pastes: `versions` is one release (`1.2.0`), or all that change nothing in it (`^1`). */
export function ModelRepository({ name, versions }: { name: string; versions: string }) {
  const ranging = versions.startsWith("^");
  const pin = [
    `affectory login ${window.location.origin}`,
    `affectory add ${name}@${versions}  # writes dataset.lock: commit it`,
    "affectory sync  # brings what is pinned; in CI: affectory sync --frozen",
    ...(ranging ? ["affectory update  # later: pins the newest that fits, and says what changes"] : []),
  ].join("\n");
  const load = [
    "import affectory",
    "",
    `train = affectory.load("${name}", lock="dataset.lock", split="train").to_pandas()`,
  ].join("\n");
  return (
    <>
      <Snippet
        text={pin}
        what={ranging ? "Commands that pin this dataset" : "Commands that pin this release"}
      />
      <Snippet text={load} what="Python that loads what is pinned" />
    </>
  );
}

/** The range that a model repository follows without its values ever being changed under it. */
export const sameMajor = (version: string) => `^${version.split(".", 1)[0]}`;
