/** Fen as people read money: `28,110.40`. */
export const yuan = (fen: number): string => {
  const [whole = '0', fraction = '00'] = (fen / 100).toFixed(2).split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction}`;
};
