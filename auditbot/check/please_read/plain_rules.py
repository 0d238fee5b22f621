"""Plain lists of words: conduct and personal use, adults said to hurt children, and what is usual school business."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditbot.sentences import Sentence, say


@dataclass(frozen=True, slots=True)
class PlainRule:
    """One rule."""

    rule: str
    """Its name."""
    reason: Sentence
    """One calm sentence."""
    score: float
    """How often it is right: such words are plain, or only a hint."""
    words: re.Pattern[str]
    """What is looked for in one sentence."""
    of_others: bool = False
    """Whether it is for what others write; the rest is for what the school and its staff write."""
    usual: re.Pattern[str] | None = None
    """What makes such a sentence ordinary all the same; None where nothing does."""

    def found_in(self, sentence: str) -> bool:
        """Whether a sentence on one line holds such words."""
        return self.words.search(sentence) is not None and (self.usual is None or self.usual.search(sentence) is None)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)


_ADULT = (
    r"(?:(?-i:Mrs?|Ms|Miss|Mx|Dr)\.? (?-i:[A-Z])[\w'-]+|(?:the|that|this|her|his|their|our|my|a|one) "
    r"(?:\w+(?:'s)? ){0,2}?(?:teacher|head|headteacher|head teacher|deputy|t\.?a|teaching assistant|caretaker|cook|"
    r"cleaner|dinner lady|lunchtime supervisor|secretary|receptionist|governor|member of staff|staff))"
)
_HURTING = (
    r"(?:hit|hits|hitting|slap(?:s|ped|ping)?|smack(?:s|ed|ing)?|punch(?:es|ed|ing)?|kick(?:s|ed|ing)?|"
    r"beat(?:s|en|ing)? up|grab(?:s|bed|bing)?|shakes|shook|shaking|drag(?:s|ged|ging)?|pinch(?:es|ed|ing)?|"
    r"hurt(?:s|ing)?|assault(?:s|ed|ing)?|abus(?:es|ed|ing)|strangl(?:es|ed|ing))"
)
_CHILD = r"(?:children|child|kids?|pupils?|(?:grand)?sons?|(?:grand)?daughters?|boys?|girls?|lads?|nephew|niece|twins)"
_HURT = (
    rf"{_ADULT}(?: (?:has|have|had|is|was|been|keeps?|kept|just|always|often|regularly|actually|apparently|also|then))*"
    rf" {_HURTING} (?:(?:\w+(?:'s)? ){{0,2}}?{_CHILD}(?!'|\w)|(?:him|her|them|me)(?=\W*$|[.,!?;]| (?:in|on|at|with|"
    r"across|round|so|and|because|when|today|yesterday|last|this|over|hard|twice|again)\b)|"
    r"(?-i:(?!(?:Mrs?|Ms|Miss|Mx|Dr|Year|Class|Reception)\b)[A-Z][a-z]+)(?!'))",
    rf"(?:{_CHILD}|he|she|they) (?:was|were|got|has been|have been|is being|are being) {_HURTING} by {_ADULT}",
)

_PRIVATE = say("May invite a child to private contact, or to keep something secret. Please read today.")
_THREATS = (
    r"sleep with one eye open",
    r"(?:locked|dark|small) room with (?:that|him|her|them|you|the (?:head|teacher|caretaker)|mrs?|miss)",
    r"(?:is|are|be|'s|'re) (?:getting |gonna get |going to get )?(?:jumped|battered|stabbed|done over|filled in)",
    r"(?:everyone|everybody|all) (?:in|at) (?:\w+ ){1,4}(?:is|are|will be|'s) dead",
    r"(?:best|better) not (?:walk|go|be) (?:home )?(?:alone|by yourself)",
    r"(?:watch|mind) your back(?=\W*$|[.,!?]| (?:mrs?|miss|mate|pal|love))",
    r"(?:you|he|she|they)(?:'re| are| is|'s) (?:a dead (?:man|woman)|dead meat|dead when)",
    r"(?:i|we)(?:'ll| will|'m gonna|'m going to) (?:come round and |come and )?"
    r"(?:kill|stab|batter|smash|knock out|burn down|petrol bomb)",
    r"(?:know|found out|find out) where (?:you|she|he|they) (?:live|lives|park|parks)",
    r"(?:i|we) know (?:your|her|his|their) (?:address|car|kids|house|street)",
    r"(?:i'm|we're|i am|we are|i'll be|we'll be) outside (?:your|her|his|their) (?:house|home|flat|door|work)",
)
_BEGINS = r"(?:^\W*|(?<=[,;:] )|(?:you|just|please|can|should|or|and|to) )"
_THEM = r"(?:you|he|she|they|him|her|them)"
_URGED = (
    rf"(?:{_BEGINS}(?:just )?(?:go |go and )?|why don't you |{_THEM} (?:should|can|could) (?:just )?)"
    r"(?:kill|hang|drown|shoot|harm|top) (?:your|him|her|them)sel(?:f|ves)"
    r"(?! (?:laughing|up|with|over|trying|doing|by|if|when|on|for)\b)",
    r"kys",
    rf"{_BEGINS}(?:go|go and|go away and) (?:die|drop dead)(?! (?:back|down|off|out|laughing)\b)",
    rf"(?:hope|wish|want) {_THEM}(?:'ll|'d| would| to| will| all| both)* (?:die|died|drop dead|were dead|was dead)",
    rf"{_THEM} (?:should|ought to|can|deserves?(?: to)?) (?:just |all |both )*die(?! (?:back|down|off|out|laughing)\b)",
    r"(?:^\W*|(?<=[.!?] ))(?:die|drop dead)(?=,? you\b|, |!| in an? \w+\W*$|\W*$)",
    r"do (?:us all|us|everyone|everybody|the world|yourself) a favou?r,? and (?:die|jump|kill|drop dead|end it)",
    rf"(?:would|will|'d) all be better off(?: if {_THEM} (?:were|was))? (?:dead|without {_THEM})"
    r"|(?:you|she|he)(?:'s|'re|'d be| is| are| would be) better off dead",
    r"no(?:body|[- ]one) (?:would|will|'d) (?:even |ever )?"
    rf"(?:miss you\b(?! more| as)|miss (?:him|her)(?=\W*$|[.,!?])|care if {_THEM} died)",
    r"end your (?:own )?life",
)
"""Whoever is told to die, or that nobody would miss him."""
_ARMOUR = (
    r"(?:(?:stab|bullet|knife)[- ]?(?:proof)?[- ]?(?:vest|jacket)|body armou?r|flak jacket|tin hat|"
    r"riot (?:shield|gear)|"
    r"(?:body ?guard|minder)s?|armed guard|(?:police|armed) escort|security(?: detail| guard)?)"
)
_WANTS = (
    r"(?:hopes?|better|best|(?:want|wants|need|needs|ought|might like) to|wanna|should|shoulda|might wanna|i'd|"
    r"(?:you|he|she|they)(?:'ll| will|'re going to|'s going to| are going to| is going to)|if i (?:was|were) \w+)"
)
_VEILED = (
    rf"{_WANTS} (?:\w+(?:'\w+)? ){{0,4}}?(?:wear(?:ing|s)?|bring(?:ing|s)?|bought|buy(?:ing)?|got|"
    rf"get(?:ting)?|have|hire[ds]?|"
    rf"hiring|need|needs|order(?:ed)?|invest(?:ed)? in|pack(?:ed|ing)?|booked) (?:(?:a|an|some|your|"
    rf"her|his|their|that|the|"
    rf"yourself|herself|himself|themselves|good) ){{0,3}}{_ARMOUR}",
    rf"(?:^\W*|[,;.] )(?:wear|bring|buy|get|hire|pack)(?: yoursel(?:f|ves))? (?:a|some|your) {_ARMOUR}",
    r"(?:hope|better|best|make sure|trust) (?:(?:that )?(?:you|he|she|they)(?:'ve|'s| have|"
    r" has)? )?(?:(?:have|has|get|got|"
    r"made|make|paid|sorted|written|write|picked|chosen|pick|choose) )?(?:(?:out|up|a|an|your|her|"
    r"his|their|that|good|decent)"
    r" ){0,3}(?:life insurance|will(?= (?:is|was|has|'s|on|by|before|sorted|up)\b|\W*$|[,.]|'s )|"
    r"funeral(?: plan)?|coffin|"
    r"headstone|last will|next of kin)",
    r"(?:you|he|she|they)(?:'ll never| will never| won't|'re not| aren't| isn't|'s not) (?:going to |"
    r"gonna |be )?(?:make|making|"
    r"get|getting|reach|walk|walking|leave|leaving|come out|drive|driving) (?:(?:it|to|back|out|from|"
    r"of|past|as far as|home|"
    r"that|the|your|her|his|their|school|building|car|car park|gates?|there) ){1,6}?(?:alive|"
    r"on (?:your|her|his|their) feet|in "
    r"one piece|breathing|on two legs|without an ambulance)",
    r"(?:look|check)(?:ing)? under (?:your|her|his|their|the) (?:car|van|motor)(?= (?:before|every|"
    r"each|on|tomorrow|tonight|"
    r"from now|in the morning)\b|\W*$)",
    r"(?:check|get|test) (?:your|her|his|their) brakes(?: checked| tested)?(?= (?:before|on|tomorrow|"
    r"tonight)\b.{0,40}\b"
    r"(?:home|you|she|he)\b)",
    r"i'd (?:lock (?:my|the|your) doors?|sleep lightly|watch (?:my|your) windows|move house|change (?:my|your) route)"
    r"(?: \w+){0,4} if i (?:was|were) (?:you|her|him|them|that)",
    r"(?:hope|bet) (?:you|he|she|they) (?:can|could) run (?:fast|quick)\w*(?=\W*$|[,.!]| (?:on|when|"
    r"because|cos|come)\b)"
    r"(?!.{0,40}\brac(?:e|es|ing)\b)",
    r"(?:won't|will not|not going to|not gonna) be (?:pretty|smiling|laughing|so brave|so mouthy)(?: \w+){0,3} when "
    r"(?:i|we) (?:see|catch|get hold of|find|meet|get to) (?:you|her|him|them)",
    r"my \w+(?: \w+)?(?:'s|'ll| is| just| has| got| came| gets).{0,30}\b(?:out of (?:prison|jail|"
    r"the nick)|done time|did time|"
    r"out on (?:bail|licence)).{0,40}\b(?:meet|visit(?:ing)?|see|find|word with|speak to|talk to|round to)\b.{0,15}"
    r"\b(?:you|her|him|them)\b",
    r"(?:i|we|he|she|my \w+) knows? (?:some |a few |certain )?(?:people|lads|blokes|boys|faces) (?:who|that)"
    r"(?:'d| would| will| could| can|'ll) (?:sort|deal with|visit|pay|break|hurt|find|come (?:round|for|after))",
)
"""A threat by what somebody would need against it, or by a way home that is not reached."""
_PLAYED = re.compile(
    r"\b(?:pcs?o?|police(?:man|woman|men)|officers?|constable|careers?|dress(?:ed|ing)? up|costumes?|"
    r"try (?:it|them|one) on|"
    r"laser|paintball\w*|nerf|water (?:fight|pistols?|bombs?)|dodgeball|snowballs?|disco|raffle|"
    r"hockey|goalie|goalkeeper|"
    r"rugby|fencing|cricket|karate|role|play(?:ed|s|ing)?|assembly|sports day|race|races|solicitor|"
    r"legac(?:y|ies)|bequest|"
    r"half price|discount|egg|celebrity|famous|autographs?|fans?|paparazzi|cakes?|raffle)\b",
    re.IGNORECASE,
)
"""What makes armour a visit, a game or a joke about a cake stall."""
_SERVICE = r"(?:whatsapp|snap(?:chat)?|insta(?:gram)?|tiktok|discord|roblox|kik)"
_SECRETS = (
    r"(?:it'?s |this is |just )?our (?:little )?secret(?=\s*x*\W*$|[.!?])",
    r"(?:keep|kept) (?:it|this) (?:quiet|secret|between (?:us|you and me))"
    rf"(?=.{{0,120}}\b(?:mine|my (?:house|place|flat)|sleep ?over|{_SERVICE})\b)",
    r"sleep ?overs? (?:at|round) (?:mine|my (?:house|place|flat))|(?:can|come and) (?:sleep|stay) (?:over )?at mine",
    r"(?:chat|talk|meet|play|text|message)\w*(?: with you| to you| up)?,? just (?:us|you and me|the two of us)",
    r"(?:don'?t|do not|no need to|mustn'?t) (?:tell|show|say (?:it|this|anything) to) (?:your |the )?"
    r"(?:mum|mummy|dad|daddy|parents|teacher|school|office|anyone at home)",
    r"(?:lift|ride|pick you up|meet me|wait).{0,80}\b(?:so )?(?:that )?(?:nobody|no[- ]one) (?:sees|will see|knows)",
    r"(?:which|what) (?:day|time|pool|park) do you (?:go|swim|play|train)"
    r"(?=.{0,120}\b(?:i'?ll|i will|i could|i can) (?:come|be there|watch|meet|see you)\b)",
    rf"(?:got|have you got|do you have|are you on) {_SERVICE}\b.{{0,80}}\b(?:chat|talk|message|add|play with)",
)

PLAIN_RULES = (
    PlainRule(
        "bullying", say("May threaten somebody. Please read today."), 0.9, _any(*_THREATS, *_URGED), of_others=True
    ),
    PlainRule("bullying", say("May threaten somebody. Please read today."), 0.9, _any(*_THREATS, *_URGED)),
    PlainRule("bullying", say("May threaten somebody. Please read today."), 0.9, _any(*_VEILED), True, _PLAYED),
    PlainRule("bullying", say("May threaten somebody. Please read today."), 0.9, _any(*_VEILED), usual=_PLAYED),
    PlainRule("direct_contact_with_pupil", _PRIVATE, 0.9, _any(*_SECRETS), of_others=True),
    PlainRule("direct_contact_with_pupil", _PRIVATE, 0.9, _any(*_SECRETS)),
    PlainRule(
        "defamation_or_malicious",
        say("May say that an adult at the school hurt a child. Please read."),
        0.9,
        _any(*_HURT),
        of_others=True,
    ),
    PlainRule(
        "discrimination",
        say("May link a protected characteristic with being treated or spoken of differently. Please read."),
        0.7,
        _any(r"for (?:the )?(?:boys|girls) only(?=\W*$)", r"(?:boys|girls) only for", r"no (?:boys|girls) allowed"),
    ),
    PlainRule(
        "conduct",
        say("May hold a word that codes of conduct for staff usually leave out. Please read."),
        0.8,
        _any(
            r"f[u*#@][c*#@]?k\w*",
            r"f\*{2,}\w*",
            r"(?:bull)?sh[i*!1]t(?:e|s|ty|ting)?",
            r"bollocks",
            r"bloody (?:hell|awful|useless|kids?|parents?)",
            r"piss(?:ed|ing)? off",
            r"w[a*]nk\w*",
            r"tossers?",
            r"arse ?holes?",
            r"bastards?",
            r"tw[a*]ts?",
            r"wtf",
            r"(?:hung ?over|hangovers?)",
            r"(?:got|getting|get|so|too|bit) (?:drunk|tipsy|wasted|hammered|plastered)",
            r"(?:wine|gin|prosecco) o.?clock",
        ),
    ),
    PlainRule(
        "conduct",
        say("May speak in public of one child's behaviour, or of a matter that is usually confidential. Please read."),
        0.6,
        _any(
            r"(?:naughtiest|worst[- ]behaved|badly behaved|most difficult) (?:child|boy|girl|pupil|one|lot)",
            r"(?:on|to) the naughty (?:step|chair|list|spot|corner)",
            r"(?:was|been|is|got) (?:excluded|expelled|suspended) (?:for|today|yesterday|this|last|again|after|until)",
            r"(?:on|under) a child protection plan",
            r"social (?:services|workers?) (?:are|were|was|is|have|has|came|involved)",
            r"(?:has|have|had) (?:just )?been diagnosed with",
            r"(?:disciplinary (?:hearing|meeting|action)) (?:for|against|with)",
        ),
    ),
    PlainRule(
        "personal_use",
        say("Reads as if it were private news from a member of staff, not school news. Please read."),
        0.7,
        _any(
            r"(?:my|our) (?:honeymoon|divorce|hen (?:do|night|party|weekend)|stag (?:do|night|weekend)|night out|"
            r"date night|tattoo|diet|ex|love life|mortgage|in-?laws|other half|slimming\w*|"
            r"new (?:car|kitchen|tattoo|flat))",
            r"(?:my|our) (?:\w+ )?(?:holiday|anniversary|weekend away|city break|cruise|wedding) (?:in|to|was|pics?|"
            r"photos|snaps|with|album)",
            r"(?:me and|with|and) (?:the|my) (?:hubby|husband|wife|missus|boyfriend|girlfriend|fianc[eé]e?|girls|"
            r"lads|bestie)(?: \w+){0,6} (?:night|pub|bar|wine|gin|cocktails?|holiday|beach|dinner|meal|party|weekend|"
            r"gig|concert|spa)",
            r"(?:love|loving) (?:my|our) (?:hubby|husband|wife|boyfriend|girlfriend|fianc[eé]e?)",
            r"(?:date night|girls. night|lads. night|night out with the (?:girls|lads))",
            r"posted (?:this )?(?:from|on) the wrong (?:account|page)",
        ),
    ),
)


_ORDINARY = {
    "personal_campaign": (
        _any(
            r"(?:blue|green|shopping|supermarket|store) tokens?",
            r"tokens? (?:at|in|from)",
            r"(?:school|pupil|student|eco|class)[- ](?:council|parliament)\w*",
            r"(?:house|sports) captains?",
            r"(?:we are|we're) collecting (?:for|tins|food|coats|coins|pennies)",
        ),
        _any(
            r"petitions?",
            r"pledges?",
            r"strikes?",
            r"protests?",
            r"boycotts?",
            r"march(?:es|ing)?",
            r"rally",
            r"labour",
            r"conservatives?",
            r"tor(?:y|ies)",
            r"lib(?:eral)? dem\w*",
            r"reform",
            r"green party",
            r"re-?elect\w*",
            r"(?:candidate|councillor|campaign)\w*",
            r"(?:write|e-?mail|tell|lobby|ask) (?:to )?(?:your|the|our) (?:local )?mp",
            r"vote (?-i:[A-Z])\w+",
            r"vote (?:for|against) (?:him|her|them|me|my|mr|mrs|ms)",
            r"sponsor\w*",
            r"just ?giving",
            r"go ?fund ?me",
        ),
    ),
    "commercial": (
        _any(r"free school meals?", r"pupil premium", r"universal credit", r"healthy start"),
        _any(r"me", r"my", r"i", r"discount\w*", r"sell\w*", r"for sale", r"shop", r"dm", r"bookings?", r"business"),
    ),
    "discrimination": (
        _any(r"(?:father|mother)(?:s|'s|s')? day", r"(?:father|mother)ing sunday"),
        _any(
            r"only",
            r"but",
            r"equality",
            r"two (?:mums|dads)",
            r"cannot",
            r"can't",
            r"not",
            r"no",
            r"never",
            r"instead",
            r"exclud\w+",
            r"without",
            r"must",
            r"should\w*",
            r"real",
            r"normal",
        ),
    ),
}
"""For a rule: what makes a school's sentence ordinary, and what takes that back."""


def is_ordinary(rule: str, quoted: str) -> bool:
    """Whether what a school writes is usual school business, though it sounds like the rule."""
    if rule not in _ORDINARY:
        return False
    usual, takes_back = _ORDINARY[rule]
    plain = quoted.replace("’", "'")
    return usual.search(plain) is not None and takes_back.search(plain) is None
