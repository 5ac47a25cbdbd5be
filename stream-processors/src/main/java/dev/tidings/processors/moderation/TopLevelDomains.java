package dev.tidings.processors.moderation;

import java.util.Set;

/** The top-level domains that make a host of two words with a dot between them. */
final class TopLevelDomains {

    /** Widely used ones that are neither words at the beginning of sentences nor file extensions. */
    private static final Set<String> CLEAR = Set.of("""
                    com net org info biz edu gov mil int aero coop museum mobi jobs tel asia eu app dev xyz top club
                    site online shop store vip live link pro win wang ltd group team work world space website tech fun
                    icu cloud email host press news blog wiki media network digital agency company center solutions
                    services systems support today life games bet casino poker porn sex sexy adult cam chat loan
                    finance money trade trading bid review reviews download stream click party racing science
                    accountant ac ae ag al ar au az ba bd bg bh bo br bw by bz ca cc cd ci cl cn co cr cu cx cy cz de
                    dk dz ec ee eg es et fi fj fm fr ge gg gh gr gt hk hn hr ht hu id ie il im io iq ir je jm jo jp ke
                    kg kh kr kw kz lb li lk lt lu lv ly ma md mk mm mn mo mt mu mv mw mx mz na ng ni nl np nz om pa pe
                    ph pk pr pt pw qa ro ru sa sd se sg si sk sn sr st su sv sx sy sz th tj tk tm tn tr tt tv tw tz ua
                    ug uk uy uz va vc ve vg vn ws ye za zm zw 中国 中國 公司 网络 網絡 网址 集团 在线 中文网 商城 香港 台湾 台灣 рф рус укр бел
                    भारत 한국 닷컴 닷넷 コム みんな
                    """.strip().split("\\s+"));

    /** Ones that are also words or file extensions; they make a host if a path or a port follows. */
    private static final Set<String> AMBIGUOUS = Set.of("""
                    am as at be do in is it me my no so to us one name care cool ink red new how best page wtf ai sh
                    py rs pl ps zip mov cpp gl la ms pm re tf gs ml cf ga gq sc nu fo bi
                    """.strip().split("\\s+"));

    private TopLevelDomains() {}

    /** @param label in lower case, in Unicode */
    static boolean isClear(String label) {
        return CLEAR.contains(label);
    }

    static boolean isKnown(String label) {
        return CLEAR.contains(label) || AMBIGUOUS.contains(label);
    }
}
