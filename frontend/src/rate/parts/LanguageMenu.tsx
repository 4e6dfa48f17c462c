import { keepLanguage, nameOf } from "../../words/languages";
import { t } from "../../words/words";

interface LanguageProps {
  language: string;
  languages: readonly string[];
}

/** The languages of the study. The page begins again in the chosen one; what was rated is kept anyway. */
export function LanguageMenu({ language, languages }: LanguageProps) {
  if (languages.length < 2) return null;
  return (
    <select
      className="language"
      aria-label={t("Language")}
      value={language}
      onChange={(event) => {
        keepLanguage(window.localStorage, event.target.value);
        window.location.reload();
      }}
    >
      {languages.map((one) => (
        <option key={one} value={one} lang={one}>
          {nameOf(one)}
        </option>
      ))}
    </select>
  );
}
