import { useEffect, useState } from "react";
import { Icon } from "./controls/icon.tsx";
import { Segmented } from "./controls/segmented.tsx";

const themes = ["system", "light", "dark"] as const;
type Theme = (typeof themes)[number];

const place = "endmember-theme";

/** The theme chosen at an earlier visit. */
export function rememberedTheme(): Theme {
  try {
    return themes.find((theme) => theme === localStorage.getItem(place)) ?? "system";
  } catch {
    return "system";
  }
}

/** Light, dark, or as the machine is set. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(rememberedTheme);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem(place, theme);
    } catch {
      // A browser that keeps nothing asks again next time.
    }
  }, [theme]);
  return (
    <Segmented
      label="Theme"
      value={theme}
      onChange={setTheme}
      options={[
        { value: "system", label: <Icon name="system" />, title: "As the machine is set" },
        { value: "light", label: <Icon name="sun" />, title: "Light" },
        { value: "dark", label: <Icon name="moon" />, title: "Dark" },
      ]}
    />
  );
}
