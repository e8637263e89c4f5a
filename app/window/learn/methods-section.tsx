import { useState } from "react";
import type { Method } from "../../../src/index.ts";
import { Section } from "../controls/section.tsx";
import type { Choices } from "../state/window-state.ts";
import { MethodSettings } from "./method-settings.tsx";

interface Told {
  readonly method: Method;
  readonly name: string;
  readonly hint: string;
}

/** Those that run unless told otherwise, in the order in which they run. */
const usual: readonly Told[] = [
  { method: "svd", name: "Singular values", hint: "how many" },
  { method: "ica", name: "Independent components", hint: "signed" },
  { method: "nmf", name: "Non-negative factors", hint: "parts that add up" },
  { method: "unmix", name: "Unmixing", hint: "shares of a position" },
  { method: "fcm", name: "Fuzzy clusters", hint: "groups" },
  { method: "gk", name: "Elliptic clusters", hint: "stretched groups" },
];

/** The others, by what they do. */
const families: readonly { readonly family: string; readonly members: readonly Told[] }[] = [
  {
    family: "More non-negative factors",
    members: [
      { method: "nmf-poisson", name: "Poisson NMF", hint: "weak reflections count" },
      { method: "nmf-kl", name: "KL NMF", hint: "likeliest counts" },
      { method: "nmf-sparse", name: "Sparse NMF", hint: "a given sparsity" },
      { method: "nmf-simplex", name: "Sum-to-one NMF", hint: "shares, corners picked" },
      { method: "nmf-volume", name: "Least-volume NMF", hint: "shares, none pure" },
    ],
  },
  {
    family: "More unmixing, where pure positions exist",
    members: [
      { method: "spa", name: "SPA", hint: "one corner after another" },
      { method: "vca", name: "VCA", hint: "along random directions" },
      { method: "n-findr", name: "N-FINDR", hint: "the largest simplex" },
    ],
  },
  {
    family: "More clusters",
    members: [
      { method: "k-means", name: "k-means", hint: "one cluster each" },
      { method: "possibilistic", name: "Possibilistic", hint: "how typical, each alone" },
      { method: "high-contrast", name: "High contrast", hint: "memberships reach 0 and 1" },
      { method: "noise", name: "Noise clusters", hint: "a place for outliers" },
    ],
  },
];

const order = [...usual, ...families.flatMap(({ members }) => members)].map(({ method }) => method);

interface MethodsSectionProps {
  readonly choices: Choices;
  readonly onChange: (changed: Partial<Choices>) => void;
}

/** Every method of the command line, the usual ones first; at least one stays chosen. */
export function MethodsSection({ choices, onChange }: MethodsSectionProps) {
  const toggle = (method: Method, on: boolean): void => {
    const named = order.filter((each) => (each === method ? on : choices.methods.includes(each)));
    if (named.length > 0) onChange({ methods: named });
  };
  // Only at first: what is opened or closed later stays so.
  const [begunWith] = useState(choices.methods);
  const list = (members: readonly Told[]) => (
    <ul className="checks">
      {members.map(({ method, name, hint }) => (
        <li key={method}>
          <label className="check">
            <input
              type="checkbox"
              value={method}
              checked={choices.methods.includes(method)}
              onChange={(event) => toggle(method, event.target.checked)}
            />
            {name}
            <span>{hint}</span>
          </label>
        </li>
      ))}
    </ul>
  );
  const chosenOf = (members: readonly Told[]): number =>
    members.filter(({ method }) => choices.methods.includes(method)).length;
  return (
    <Section title="Methods">
      {list(usual)}
      {families.map(({ family, members }) => (
        <details className="family" key={family} open={members.some(({ method }) => begunWith.includes(method))}>
          <summary>
            {family}
            {chosenOf(members) > 0 && <span className="chosen">{chosenOf(members)} chosen</span>}
          </summary>
          {list(members)}
        </details>
      ))}
      <MethodSettings choices={choices} onChange={onChange} />
    </Section>
  );
}
