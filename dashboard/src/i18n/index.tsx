/** Language of the screens: Vietnamese unless the person chose otherwise; kept in this browser. */

import { createContext, useContext, useMemo, useState, type ReactNode } from "react";
import { load, save } from "../shell/storage";
import { en } from "./en";
import { vi, type Messages } from "./vi";

export type Language = "vi" | "en";
export const LANGUAGES: readonly Language[] = ["vi", "en"];
export const messages: Record<Language, Messages> = { vi, en };

interface I18n {
  language: Language;
  t: Messages;
  choose: (language: Language) => void;
}

const Context = createContext<I18n | null>(null);

export function I18nProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => (load("language") === "en" ? "en" : "vi"));
  const value = useMemo<I18n>(
    () => ({
      language,
      t: messages[language],
      choose: (next) => {
        save("language", next);
        document.documentElement.lang = next;
        setLanguage(next);
      },
    }),
    [language],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useI18n(): I18n {
  const value = useContext(Context);
  if (!value) throw new Error("useI18n outside of I18nProvider");
  return value;
}
