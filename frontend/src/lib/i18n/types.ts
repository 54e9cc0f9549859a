export const LANGUAGES = ["en", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];

/** A sentence, or its forms by number: the placeholder `{count}` chooses. */
export type Message = string | { readonly one: string; readonly other: string };
export type Catalogue = Readonly<Record<string, Message>>;

/** The other language of a catalogue: the same keys, whatever the words. */
export type Translation<C extends Catalogue> = {
  readonly [K in keyof C]: C[K] extends string ? string : { readonly one: string; readonly other: string };
};

/** A few words beside the code that needs them, in every language. */
export type Localized = Readonly<Record<Language, string>>;

type Names<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Placeholder<M> = M extends { readonly other: infer Other } ? Names<Other> | "count" : Names<M>;

/** What a message needs to become a sentence, read from its placeholders. */
export type Params<M, V> = [Placeholder<M>] extends [never] ? [] : [params: Readonly<Record<Placeholder<M>, V>>];
