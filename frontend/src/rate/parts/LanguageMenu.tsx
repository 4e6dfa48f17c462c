import { nameOf } from "../../words/languages";
import { t } from "../../words/words";

interface LanguageProps {
  language: string;
  languages: readonly string[];
  onChoose(language: string): void;
}

/** The languages of the study. */
export function LanguageMenu({ language, languages, onChoose }: LanguageProps) {
  if (languages.length < 2) return null;
  return (
    <select
      className="language"
      aria-label={t("Language")}
      value={language}
      onChange={(event) => onChoose(event.target.value)}
    >
      {languages.map((one) => (
        <option key={one} value={one} lang={one}>
          {nameOf(one)}
        </option>
      ))}
    </select>
  );
}
