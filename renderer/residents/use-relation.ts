import { useI18n } from 'vue-i18n';
import { useFormat } from '../components/use-format.ts';

/** Codes that name no kinship: the householder himself, and others under his roof. */
const plain: ReadonlySet<string> = new Set(['01', '02', '97', '99']);

/** The relation to the householder in words that cannot be taken for the sex (女 is both): 户主之女. */
export function useRelation(): (code: string | null) => string {
  const { t } = useI18n();
  const format = useFormat();
  return (code) => {
    if (code === null || code === '') return '';
    const relation = format.value('membership', 'relation', code);
    return plain.has(code) ? relation : t('residents.ofHouseholder', { relation });
  };
}
