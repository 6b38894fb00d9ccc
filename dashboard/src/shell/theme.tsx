/** Dark for the control room by default, light for offices; kept in this browser. */

import { createContext, useContext, useMemo, useState, type ReactNode } from "react";
import { load, save } from "./storage";

export type Theme = "dark" | "light";

interface ThemeChoice {
  theme: Theme;
  choose: (theme: Theme) => void;
}

const Context = createContext<ThemeChoice | null>(null);

export function ThemeProvider({ children }: { children: ReactNode }) {
  const [theme, setTheme] = useState<Theme>(() => (load("theme") === "light" ? "light" : "dark"));
  const value = useMemo<ThemeChoice>(
    () => ({
      theme,
      choose: (next) => {
        save("theme", next);
        document.documentElement.dataset.theme = next;
        setTheme(next);
      },
    }),
    [theme],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useTheme(): ThemeChoice {
  const value = useContext(Context);
  if (!value) throw new Error("useTheme outside of ThemeProvider");
  return value;
}
