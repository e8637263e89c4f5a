// What the browser keeps for this page between visits, in its IndexedDB: records in two stores, under keys.

type Name = "window" | "scans";

let database: Promise<IDBDatabase> | undefined;

function opened(): Promise<IDBDatabase> {
  database ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("endmember", 1);
    request.onupgradeneeded = () => {
      for (const name of ["window", "scans"] satisfies Name[]) request.result.createObjectStore(name);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return database;
}

/** A record, or undefined where there is none, or where the browser keeps nothing: the window works without. */
export async function kept(name: Name, key: string): Promise<unknown> {
  try {
    const store = (await opened()).transaction(name).objectStore(name);
    return await settled(store.get(key));
  } catch {
    return undefined;
  }
}

/** Keeps a record in place of the one before; of those in the store, only so many that were kept last stay. */
export async function keep(name: Name, key: string, record: { readonly keptAt: number }, most: number): Promise<void> {
  try {
    const store = (await opened()).transaction(name, "readwrite", { durability: "relaxed" }).objectStore(name);
    await settled(store.put(record, key));
    const [keys, records] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())]);
    const age = keys.map((each, i) => ({ each, at: (records[i] as typeof record).keptAt }));
    for (const { each } of age.toSorted((a, b) => b.at - a.at).slice(most)) store.delete(each);
  } catch {
    // Nothing is kept: in a private window, or on a full disk.
  }
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
