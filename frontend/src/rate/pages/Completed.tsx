import { useState } from "react";
import { t } from "../../words/words";

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export function Completed({ code }: { code: string | null }) {
  const [copied, setCopied] = useState<boolean | null>(null);
  return (
    <main className="page centred">
      <h2>{t("Done. Thank you!")}</h2>
      <p>{t("All your answers have arrived.")}</p>
      {code === null ? null : (
        <>
          <p>{t("Your completion code:")}</p>
          <output className="code">{code}</output>
          <button type="button" className="primary" onClick={() => void copy(code).then(setCopied)}>
            {t("Copy the code")}
          </button>
          <p className="hint" role="status">
            {copied === null
              ? ""
              : copied
                ? t("Copied.")
                : t("This browser does not let pages copy: please select the code.")}
          </p>
        </>
      )}
      <p className="hint">{t("You can close this page now.")}</p>
    </main>
  );
}
