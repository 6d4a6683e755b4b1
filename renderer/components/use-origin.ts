import { useI18n } from 'vue-i18n';
import { tellOrigin, type Origin } from './provenance.ts';

export interface OriginWords {
  /**
   * Where a value comes from, its parts in the order they are said: 人社 · 11-22 6:01 · 李敏确认; 李敏裁定 · 11-22 6:01; 您 · 11-22 6:01 · 入户走访.
   * @param when day or moment in words; empty where it stands elsewhere
   */
  parts(origin: Origin, when: string): readonly string[];
}

/** Provenance in the words of the current language. */
export function useOrigin(): OriginWords {
  const { t } = useI18n();
  return {
    parts(origin, when) {
      const { source, person, part } = tellOrigin(origin);
      const named = source === null ? '' : t(`source.${source}`);
      const name = person === null ? '' : person.self ? t('word.you') : person.name;
      const parts =
        part === null || person === null
          ? [name, when, origin.source === null ? t('word.first-load') : named]
          : [named, ...inOrder(person.self ? t(`word.${part}-by-you`) : t(`word.${part}-by`, { name }), when, named)];
      return parts.filter((one) => one !== '');
    },
  };
}

/** Behind a source the person comes last, else first. */
const inOrder = (who: string, when: string, named: string): readonly string[] =>
  named === '' ? [who, when] : [when, who];
