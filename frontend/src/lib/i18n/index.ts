export { getLanguage } from "./language";
export { defineMessages, setLanguage, useLanguage, useLocalized, useT, type Messages, type Translate } from "./messages";
export { LANGUAGES, type Catalogue, type Language, type Localized, type Translation } from "./types";
