import { useEffect } from "react";
import { Icon } from "./controls/icon.tsx";
import { Segmented } from "./controls/segmented.tsx";
import { useApp, useWindow } from "./state/app.ts";

/** Light, dark, or as the machine is set. */
export function ThemeSwitch() {
  const { store } = useApp();
  const theme = useWindow((state) => state.theme);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return (
    <Segmented
      label="Theme"
      value={theme}
      onChange={(chosen) => store.set({ theme: chosen })}
      options={[
        { value: "system", label: <Icon name="system" />, title: "As the machine is set" },
        { value: "light", label: <Icon name="sun" />, title: "Light" },
        { value: "dark", label: <Icon name="moon" />, title: "Dark" },
      ]}
    />
  );
}
