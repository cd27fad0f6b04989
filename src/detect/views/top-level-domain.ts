/** Ends of mail addresses that are common enough to tell `at example dot org` from a sentence. IANA's root zone has more. */
const COMMON = new Set(
  `com org net edu gov mil int info biz name io ai app dev tech cloud online store shop site xyz pro me tv cc test example
  local internal corp email co uk de fr es it nl be lu ch at li pl cz sk hu ro bg gr cy mt pt ie dk se no fi is ee lv lt
  ru ua by kz tr il sa ae eg ma ng ke za in pk bd lk cn hk tw jp kr sg my th vn ph id au nz ca us mx br ar cl pe ve eu
  рф укр 中国 公司`
    .trim()
    .split(/\s+/),
);

export const isTopLevelDomain = (label: string): boolean => COMMON.has(label.toLowerCase());
