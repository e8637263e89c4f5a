import type { ResultFile } from "../../../src/index.ts";
import { bytesInWords } from "../bytes-in-words.ts";
import { Icon } from "../controls/icon.tsx";
import { download, typeOf } from "./download.ts";

const groups: readonly { readonly title: string; readonly holds: (name: string) => boolean }[] = [
  { title: "Report and recipe", holds: (name) => /\.(html|json)$/.test(name) },
  { title: "Figures", holds: (name) => /\.(svg|png)$/.test(name) },
  { title: "Arrays", holds: (name) => /\.(npy|hspy)$/.test(name) },
];

interface FileTableProps {
  readonly files: readonly ResultFile[];
  readonly shown: string | undefined;
  readonly onShow: (name: string) => void;
}

/** Files by kind; each can be looked at and saved. */
export function FileTable({ files, shown, onShow }: FileTableProps) {
  return (
    <div className="file-table">
      {groups.map(({ title, holds }) => (
        <section key={title}>
          <h3>{title}</h3>
          <ul>
            {files
              .filter(({ name }) => holds(name))
              .map(({ name, bytes }) => (
                <li key={name} data-selected={name === shown || undefined}>
                  <button type="button" className="file-name" onClick={() => onShow(name)}>
                    <span>{name.replace(/^figures\//, "")}</span>
                    <span className="hint">{bytesInWords(bytes.length)}</span>
                  </button>
                  <button
                    type="button"
                    className="icon-button"
                    aria-label={`Save ${name}`}
                    onClick={() => download(name, [bytes], typeOf(name))}
                  >
                    <Icon name="download" />
                  </button>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
