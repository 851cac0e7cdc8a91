//! The words that each topic is known by, as patterns over [`super::plain::Plain`] text. A topic is a combination of
//! cues, put together in [`super::topics`].

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::plain::pattern;

const SEAT: &str = r"(?:seats?|licen[cs]es?|logins?|user (?:seats?|licen[cs]es?|accounts?))";
const PEOPLE: &str =
    r"(?:users?|people|colleagues|analysts|agents|reps|employees|engineers|team members|staff|managers|folks)";
const TEAMS: &str = r"(?:D_\d+|\d+ (?:more |other |new |additional |of our )?(?:departments?|teams?|groups?|offices?|business units?)|(?:other|more|new|several|multiple|additional|some|a few|few|many)(?: of)?(?: our| the)?(?: \w+)? (?:departments?|teams?|groups?|business units?|offices?)|(?:our|their|another|the) (?:\w+ )?(?:office|subsidiary|business unit|division|sister company))(?: team| department| dept| folks| group| people| org| side)?";
const MONEY: &str = r"(?:budgets?|funding|funds)";
/// Verbs that lead to owning more.
const ACQUIRE: &str = r"(?:add|adding|buy|buying|purchase|purchasing|order|ordering|get|getting|provision|include|including|enable|enabling|activate|activating|turn on|turning on|increase|increasing|raise|raising|lift|upgrade|upgrading|expand|expanding|extend|extending|move (?:up )?to|moving (?:up )?to|switch (?:up )?to|switching (?:up )?to|go (?:up )?to|sign up|subscribe|license|take)";
/// What a department wants when it wants to use the product.
const USE: &str = r"(?:in(?: on (?:it|this|the \w+))?(?: too| soon)?(?: [.,?!;]|$)|access|seats?|licen[cs]es?|logins?|accounts?|to (?:use|try|join|get on|start using|adopt|be (?:added|included|on)|come on|onboard|roll|pilot|see (?:it|this|a demo|the (?:platform|product|tool)))|using|use (?:it|this|the (?:tool|platform|product|system|software))|a (?:demo|trial|pilot|look|walkthrough)|demo|trial|(?:it|this)(?: too| soon| next| there| for| in| [.,?!;]|$)|the (?:platform|product|tool|system|same)|your (?:platform|product|tool)|on ?board|P_\d+|F_\d+|something similar|dashboards?|their own)";

macro_rules! cues {
    ($($(#[$doc:meta])* $name:ident = $pattern:expr;)+) => {
        /// All patterns, compiled once.
        pub(super) struct Cues { $($(#[$doc])* pub(super) $name: Regex,)+ }

        static CUES: LazyLock<Cues> = LazyLock::new(|| Cues { $($name: pattern(&$pattern),)+ });
    };
}

/// The compiled patterns.
pub(super) fn cues() -> &'static Cues {
    &CUES
}

cues! {
    /// "can you", "please", "how do we".
    ask = r"\b(?:(?:can|could|may|would|will) (?:you|we|i|someone|somebody|it be)\b|please\b|how (?:do|can|could|would|should|soon can|quickly can|fast can) (?:we|i)\b|let us\b|go ahead and\b|(?:if|whether) (?:you|we|i) (?:can|could)\b|(?:is|would) it (?:be )?possible|possible to\b|what (?:would|will|does) it take|what do (?:we|i) need to do|what are (?:our|the) options)";
    /// "we need", "they would like", "sign us up".
    need = format!(r"\b(?:(?:we|i|they|she|he|and|{TEAMS}|teams?|departments?|people|colleagues|everyone|company|boss|manager|management|cfo|ceo|cto|coo|vp) (?:will |would |do |does |not |all |both |each |still |urgently |probably |soon |already )*(?:need|needs|want|wants|require|requires|could use|intend|plan|request|order|take|buy|purchase)\b|would (?:\w+ )?(?:like|love)\b|(?:am|are|is) (?:not )?(?:looking (?:for|to|at|into)|ready (?:to|for)|planning (?:to|on)|going to (?:need|want|buy|add|order|purchase|take)|interested in|after|requesting|asking for|asking to|keen to|about to|short (?:of|on))|sign us up|put us down for|count us in|in need of|(?:like|want|need|love) (?:to|you to)|(?:asked|asking|request|requested|requesting) (?:for|about)|we will (?:take|order|need|buy|add)|(?:we|i) should (?:\w+ )?(?:get|add|buy|order|have|upgrade)|decided (?:to|on))\b");
    /// Money words of an offer.
    price = r"\b(?:how much|costs?|costing|prices?|priced|pricing|quot(?:e|es|ation)|proposal|order form|discount|look like|licensing|per seat|per licen[cs]e|invoice us|contract amendment)\b";
    /// "send us a quote".
    send_offer = r"\b(?:send|give|get|share|prepare|put together|draft|make|provide|need|want|like|have|email)(?: (?:me|us|over|a|an|the|some|your|new|updated|revised|formal|see)){0,4} (?:quote|quotation|proposal|pricing|prices?|price list|order form|offer)\b";
    /// Verbs that lead to owning more.
    acquire = format!(r"\b{ACQUIRE}\b");

    /// "thirty more seats".
    more_seats = format!(r"\b(?:(?:\d+ (?:(?:to|or|-) \d+ )?)?(?:more|additional|extra|further|another)(?: (?:about|around|roughly))?(?: \d+)?(?: (?:to|or|-) \d+)?(?: (?:paid|full|user|viewer|editor|admin|named|concurrent|standard|premium|enterprise|pro|new|annual|platform|product|of the|of our|of those|read only|agent|analyst|developer|creator|software|L_\d+|P_\d+)){{0,2}} {SEAT}|\d+ (?:more|additional|extra|further|new) (?:\w+ )?{PEOPLE}|another \d+ (?:\w+ )?{PEOPLE}|{SEAT} for (?:another |an additional |about |the |our )*\d+ (?:more |additional |new )?(?:\w+ )?{PEOPLE})\b");
    /// "add 30 licences", "increase our seat count".
    seats_by_verb = format!(r"\b(?:(?:double|doubling|triple|add|adding|buy|buying|purchase|purchasing|order|ordering|provision|provisioning|increase|increasing|raise|raising|expand|expanding|bump(?: up)?|need|want|quote(?: us)?(?: for)?|pricing for|price for|cost of|go (?:up )?(?:to|from)|going (?:up )?(?:to|from))(?: (?:us|our|the|your|a|an|some|on|up|total|number|of|in|by|contract|subscription|plan|deal|pool|about|around|roughly|probably|maybe|say|at|least|new|paid|full|viewer|editor|user|additional|couple|few|several|handful|bunch|\d+|to|from|for)){{0,7}}|if we (?:added|bought|took|ordered|got)(?: (?:another|an|additional|extra|more|\d+|about|up|to|say)){{0,4}}|(?:get|getting|take|up)(?: (?:us|our|about|around|roughly|maybe|at|least))* \d+(?: \w+)?) {SEAT}(?: count)?\b");
    /// "add 30 users".
    add_people = format!(r"\b(?:add|adding|onboard|onboarding|bring on|bringing on|license|licensing) (?:(?:about|around|another|some|the|our|up to|roughly|these|those) )*(?:\d+ (?:more |additional |extra |new )?|(?:more|additional|extra|another) )(?:\w+ )?{PEOPLE}\b");
    /// Teams that ask to get in: "three departments are requesting access".
    teams_ask = format!(r"\b{TEAMS}(?: (?:and|,|or|the|our|D_\d+|team|teams|department|departments|in|all|both|is|are|have|has|been|would|each|too|outside|across|at|of|\w+ing))*? (?:want|wants|wanting|like|need|needs|request|requesting|requested|asking|asked|waiting|begging|lining up)(?: (?:for|to|get|have|be|given|us))* (?:access|{SEAT}|accounts?|in(?: on (?:it|this))?(?: too| soon)?(?: [.,?!;]|$))");
    /// "we're running out of seats"; counts when the same speaker then asks.
    shortage = format!(r"\b(?:out of|short (?:of|on)|not (?:have )?enough|no more|hit (?:the|our) (?:limit|cap) (?:on|of)|maxed out (?:on )?(?:our )?|no {SEAT} left|used (?:up )?all(?: of)?(?: our| the)?)(?: \w+){{0,2}}? ?{SEAT}\b");
    /// "expanding our usage to include …"; counts when the same speaker then asks for terms.
    expand_use = r"\b(?:expand(?:ing)?|extend(?:ing)?|roll(?:ing)? out|broaden(?:ing)?)(?: \S+){0,2}? (?:usage|use|footprint|deployment|rollout)\b";
    /// What follows a shortage: "can we get more?".
    more_of_it = r"\b(?:more|add|get|buy|increase|options|upgrade)\b";
    /// Fewer seats, a lower plan.
    less = format!(r"\b(?:(?:remove|removing|drop|dropping|reduce|reducing|cancel|cancelling|canceling|cut|cutting|give back|giving back|get rid of|trim|trimming|return|returning|fewer|less|scale back|scaling back|right siz\w+)(?: (?:to|our|the|about|around|number|of|some|by|\d+|unused|from|user|paid|down|on|those|these|\w+ed)){{0,5}} {SEAT}|downgrad(?:e|ing)|(?:lower|cheaper|smaller) (?:plan|tier|package|edition)|move down to|drop(?:ping)? (?:down )?to (?:the )?L_\d+|fewer {SEAT})\b");
    /// Talk about an invoice or the past, not a purchase.
    request_unless = r"^(?:are|is|were|was) (?:the|these|those|our)\b|\b(?:invoices? for (?:the|these|those)|(?:asked|asks|wondered) (?:\w+ )?(?:whether|if) we|(?:on|in) (?:our|the|my|last|this|your)(?: \w+)? (?:invoice|bill|statement)|charged|billed|overcharged|refund|were added|was added|have been added|has been added|licen[cs]e (?:key|file|agreement|terms|server)|(?:seat|licen[cs]e)s? (?:assignment|map)|driver|more (?:about|info|information|details|time|clarity|context|than)|why\b|unused|who (?:is|are) using|how many (?:seats|licen[cs]es|users) (?:do|are|have|did))";

    /// "the Enterprise plan", "the next tier", "upgrade our account".
    tier = r"\b(?:(?:L_\d+|next|higher|bigger|top|highest|premium|enterprise|business|professional|advanced|unlimited)(?: \w+)? (?:plan|tier|edition|package|subscription)|(?:upgrade|upgrading|upgraded|move|moving|switch|switching|go|going|step|stepping|jump)(?: (?:us|our|the|account|up|everyone|over|team|contract|from|plan|whole|L_\d+))* to (?:the |your |our |a )?L_\d+|L_\d+ (?:costs?|pricing|priced?)|(?:costs?|pricing|price|quote) (?:of|for) (?:the |your )?L_\d+|upgrad(?:e|ing) (?:our|the|my|this|to a|to the|from our)(?: current| existing)? (?:plan|tier|account|subscription|contract|package|edition)|(?:to|can|could|please) upgrade(?: (?:soon|early|next \w+|this \w+|in \w+|before \w+|as soon as possible|please))?(?: [.?!,]|$))";
    /// "what is included in the Enterprise plan".
    in_tier = r"\b(?:what|which|is|are|does|do|tell|learn|about)\b(?: \S+){0,9}? (?:included|include|comes? with|available|part of|features?|difference|differences|get|gets|add|adds|benefits|about|between)(?: \S+){0,5}? (?:L_\d+|higher|next|premium|enterprise|top)(?: \w+)? (?:plan|tier|edition|package)\b";

    /// "a higher API limit", "more storage".
    limit = r"\b(?:(?:more|additional|extra|higher|bigger|larger|increased?|increasing|raise|raising|lift|lifting|up|double|doubling|bump(?: up)?)(?: (?:our|the|api|monthly|daily|of|on|up|data|rate|call|file|a|usage))* (?:api (?:calls?|limits?|quota|capacity|requests|access|volume|tier)|calls? (?:limit|quota|per month)|storage|quota|rate limits?|limits?|credits|bandwidth)|\d+ ?(?:gb|tb)(?: more| additional| extra)?(?: of)? storage|(?:api|storage|data) (?:limit|quota|cap|capacity) (?:increase|increased|raised|lifted|upgrade))\b";

    /// Not yet a request: "we're considering Enterprise".
    considers = r"\b(?:considering|thinking (?:of|about)|looking (?:at|into)|discussing|exploring)\b";
    /// Money that is there.
    has_budget = format!(r"\b(?:(?:set aside|allocat\w+|earmark\w+|secured|approved|reserved|ring fenced|freed up|freeing up|put aside|found|got|gotten|received|have|has|had|there (?:is|are)|added|increased|increasing|dedicated|unspent|remaining|left over|leftover|spare|confirm(?:ed)?|signed off(?: on)?|green ?lit|released|granted|given)(?: \S+){{0,4}}? {MONEY}|{MONEY}(?: \S+){{0,5}}? (?:is|are|was|were|has|have|got|gets|been)(?: \S+){{0,2}}? (?:approved|allocated|confirmed|available|secured|set aside|signed off|in place|there|released|increased|green ?lit|granted|earmarked|healthy|doubled)|{MONEY} (?:approved|allocated|confirmed|secured|available|set aside)|budgeted (?:for|\d|\$)|{MONEY}(?: \S+){{0,4}}? (?:went up|increased|grew|doubled|has grown|is bigger|was raised)|(?:set aside|allocated|earmarked|approved|budgeted|reserved|secured)(?: (?:up|to|about|around|roughly|over|an|a|additional|extra|another|almost))* (?:\$ ?\d+|\d+(?:k|m)? (?:dollars|euros|usd|eur))|(?:is|are|it) (?:\w+ )?in (?:the |our |this year 's |next year 's )+budget|room in (?:the|our) budget|headroom in (?:the|our) budget|use it or lose it|money (?:is|are) (?:there|available|approved|in place|set aside)|(?:set aside|have|allocated|found|got|secured|approved)(?: \S+){{0,3}}? money(?: \S+){{0,2}}? (?:for|to spend|left (?:in|to|over to)|available|set aside)|(?:finance|cfo|ceo|board|boss|vp|leadership|management|D_\d+)(?: \S+){{0,3}}? (?:approved|signed off on|green ?lit|agreed to|confirmed|released|allocated|granted|gave us|given us)(?: \S+){{0,4}}? (?:{MONEY}|spend|money|investment|expansion))\b");
    /// "Budget is not a problem": the "not" belongs to it.
    budget_is_fine = r"\b(?:(?:budget|money|funding) is not (?:a |an |the |our )?(?:problem|issue|concern|constraint|blocker|obstacle)|no (?:budget|money|funding) (?:issues?|problems?|concerns?|constraints?))\b";
    /// Words beside "budget" that are no money for us, and money that is not there yet.
    budget_unless = format!(r"\b(?:your {MONEY}|you (?:do |did |all |guys |will |would |should |must )*(?:have|got|set|allocate\w*|secured?|approved?)\b|budgets? (?:meetings?|reviews?|questions?|problems?|issues?|constraints?|cycles?|season|planning|process|owners?|holders?|discussions?|talks?|cuts?|freezes?|reports?|spreadsheets?|templates?|tools?|modules?|tracking|concerns?|pressures?|limits?|limitations?|restrictions?|sheets?|forecasts?|numbers?|targets?|committee|requests?|airline|version|features?|app|sync|import|export|dashboards?|category|categories|data|field|widget|alerts?)|(?:to be|being|will be|going to be|should be|would be|must be|needs? to be|expect\w*|await\w*|waiting|request\w*|ask\w* for|apply\w*|fight\w*|trying|need|needs|depends|questions?|discuss\w*|talk\w*) (?:\S+ ){{0,4}}(?:{MONEY}|approved|allocated|confirmed|signed off|released|granted)|(?:little|limited|tight|small|zero|insufficient|reduced|smaller|less|lower|tiny|any) (?:\S+ )?{MONEY}|(?:error|time|performance|carbon|frame|latency) budgets?|approved? (?:the )?budget (?:report|export))\b");
    /// Pluperfect: "we had set aside budget".
    had_budget = format!(r"\b(?:(?:we|they|i|it|there|he|she|\w+) had|did have)(?: \S+){{0,4}}? (?:{MONEY}|money)\b");

    /// A department wants to use it.
    dept_wants = format!(r"\bD_\d+(?: (?:and|,|or|the|our|D_\d+|team|teams|department|departments|dept|folks|group|people|org|side|guys|colleagues|in|all|both|is|are|has|have|been|would|will|too|each|still|over|there|repeatedly|recently|keeps?|lead|head|director|manager|vp))*(?: (?:saw|has seen|have seen|heard (?:about|of)|tried|loved|liked|noticed)(?: \S+){{1,6}}? and)? (?:want|wants|wanting|like|love|need|needs|asking|asks|asked|interested|keen|requesting|requests|requested|looking|eager|joining|starting|planning|plans|hoping|excited|begging|wondering|curious|came|come|comes|reached|expressed interest|showed interest|shown interest)(?: (?:for|about|if|whether|they|can|could|to|in|into|get|have|us|me|how|when|we|them|also|out|start|some|a|an|every|be|being|start|their|own|few|buy|purchase|order|add|more|new|\d+))*? {USE}");
    /// "roll it out to Marketing".
    dept_extend = r"\b(?:roll(?:ing)?(?: (?:it|this|that|you|the \w+|your \w+|P_\d+))*(?: out)?|rollout|extend(?:ing)?|expand(?:ing)?|expansion|open(?:ing)?(?: (?:it|this))? up|onboard(?:ing)?|deploy(?:ing)?|launch(?:ing)?|pilot(?:ing)?|introduc(?:e|ing))(?: (?:it|this|that|to|into|in|across|with|for|the|our|out|usage|use|my|whole|entire|rest|of|all|new|global|european|us|uk|emea|apac|footprint|rollout|deployment|platform|product|tool|access|licen[cs]es?|seats?|your|include|cover|beyond|from|and|D_\d+|,|team|department|people|folks|P_\d+))* D_\d+";
    /// "get Finance on board".
    dept_bring = r"\b(?:invit(?:e|ing)|bring(?:ing)?|add(?:ing)?|get(?:ting)?|includ(?:e|ing)|set(?:ting)? up|mov(?:e|ing)|giv(?:e|ing)|put(?:ting)?)(?: (?:the|our|my|whole|entire|all|of|D_\d+|and|,|new|in))* D_\d+(?: (?:and|,|D_\d+|team|department|folks|people|group|colleagues|our|the))*(?: \S+){0,2}? (?:on ?board|onboarded|onto (?:it|the|your)|on the (?:platform|product|tool|system|software)|on (?:it|this)(?: too| soon| next| [.,?!;]|$)|as users|access|to (?:try|use|join) (?:it|this|the (?:platform|product|tool))|to the (?:platform|product|account|workspace|contract|plan|subscription)|into the (?:platform|tool|system|product)|using (?:it|this|the))";
    /// "Support could use it too".
    dept_could = r"\bD_\d+(?: team| department| folks| people)? (?:could|can|would|will|should)(?: \w+)? (?:use|benefit|get value|start using|get a lot)(?: \S+){0,3}? (?:it|this|from|out of|the (?:platform|product|tool)|P_\d+|too)\b";
    /// "licences for Legal".
    dept_for = r"\b(?:seats?|licen[cs]es?|access|logins?|accounts?|demo|trial|pilot|rollout|workspace|users) (?:for|with|in)(?: (?:the|our|my|their|whole|entire|european|people|folks|all|of))* D_\d+(?: (?:and|,|D_\d+|our|the|team|department))*";
    /// "we are building a data team".
    dept_new = r"\b(?:building|build|starting|creating|standing up|launching|forming|setting up|hiring) (?:\S+ ){0,3}?D_\d+ (?:team|department|function|group|org)\b";
    /// A department that wants something else: the invoice, the contract, a seat in the meeting.
    dept_unless = r"\b(?:(?:join|joining|attend|on|in|to|into) (?:the |this |our |that |next |a |\w+ 's )*(?:calls?|meetings?|sessions?|reviews?|discussions?|conversations?|qbr|thread|email|loop)|invoices?|redlines?|questionnaires?|nda|dpa|purchase orders?|w 9|msa|access to (?:the |our |your |their |this |that |an? )*(?:api|docs?|documentation|logs?|reports?|data|exports?|portal|recordings?|invoices?|files?|environment|sandbox|test|staging|support|settings|billing|contract|records?))\b";

    /// Interest in something named in the sentence.
    interest = r"\b(?:(?:tell|show) (?:me|us)|(?:know|learn|hear|understand|find out|read|see) (?:more|a bit more|a little more|how|what|about)|more about|interest(?:ed)? in|interested|interesting|(?:ask|asked|asking|asks|question|questions|curious|wondering|excited|thinking|talk|talking|information|info|details|documentation|docs) (?:about|for|on|regarding)|(?:demo|trial|walkthrough|preview|pilot|overview|session)|try(?:ing)?(?: out)?|explore|exploring|look(?:ing)? (?:at|into|for)|(?:do|does) (?:you|it|your|the|this|that|P_\d+|our)|is there|are there|(?:is|are)(?: \S+){0,6} (?:available|included|part of|possible|something|an add on|an option|supported)|can (?:we|it|you|i|(?:the |your )?P_\d+)|could (?:we|you|it)|how (?:does|do|would|could|can|much)|what (?:can|does|is|about|are|would)|would (?:like|love)|(?:we|i|they|D_\d+) (?:\w+ )?(?:need|needs|want|wants)|keen (?:on|to)|could use|when (?:will|can|do)|roadmap)\b";
    /// The same for a feature that is no product: words of wanting it, not of using it.
    interest_feature = r"\b(?:tell (?:me|us)|more about|interest(?:ed)? in|(?:ask|asked|asking|curious|question|questions|wondering|information|documentation) (?:about|on|regarding|whether|if)|(?:demo|trial|walkthrough|preview) of|(?:do|does) (?:you|it|your \w+|the (?:platform|product|tool)|this) (?:\w+ )?(?:have|support|offer|include|provide|do|come with|sell)|(?:is|are) there|(?:is|are)(?: \S+){0,3} (?:available|included|part of|an add on|an option|supported|on (?:the|your) roadmap)|can (?:we|i) (?:\w+ )?(?:get|have|use|enable|try|see|add)|(?:would|do)(?: \w+)? (?:like|love)|(?:we|i|they|D_\d+) (?:\w+ )?(?:need|needs|want|wants)|keen on|could use|when (?:will|can|is)|roadmap)\b";
    /// Talk about something that they have, or that is broken.
    interest_unless = r"\b(?:already (?:have|has|use|uses|using|own|bought|on|pay|paying|got)|not working|broken|bugs?|errors?|crash\w*|fail\w*|(?:issues?|problems?|trouble) with|slow|outage|is down|stopped|stopping|invoice|turn(?:ed)? off|disable|cancel\w*|remove|refund|still waiting|happy with|using (?:P|F)_\d+ (?:every|a lot|daily|for))\b";
    /// Interest in what the vendor named right before: "we'd be interested in that".
    interest_in_that = r"\b(?:(?:would|are|am|is)(?: \w+)? (?:interested in|keen on|keen to (?:see|try)|love|like)(?: to (?:see|try|have|get|test|explore))?(?: a demo of| more about)? (?:that|it|this|those|them)|(?:send|share|give)(?: \S+){0,3} (?:pricing|documentation|quote|information|details|demo)(?: \S+){0,2} (?:that|it|this|those|them)|(?:demo|trial|quote|pricing) (?:of|for|on) (?:that|it|this)|tell (?:me|us) more|how much (?:is|would|does) (?:that|it|this)|we (?:want|need) (?:that|it|this)|sign us up)\b";

    /// Compares us with somebody.
    compare = r"\b(?:how (?:does|do|would|is|are|did)(?: \S+){0,9}? (?:compare|compares|stack up|stacks up|measure up|hold up|differ|better|different)|(?:compare|compares|compared|comparing|comparison)(?: \S+){0,7}? (?:to|with|against|between|versus|vs)|differences? between|versus|vs|as good as|better than|worse than|same as|similar to|equivalent (?:of|to)|alternative to|like C_\d+|match C_\d+|on par with|keep up with)\b";
    /// "you", "your reporting", a product of ours.
    ours = r"\b(?:you|your|yours|(?:this|the|our) (?:platform|product|tool|system|software|solution)|it|P_\d+|L_\d+|F_\d+)\b";
    /// Only this says without a name that we are being compared.
    ours_strict = r"\b(?:how (?:does|do|would|is|are) (?:you|your|yours|P_\d+|the platform|this (?:platform|product|tool))(?: \S+){0,7}? (?:compare|compares|stack up|stacks up|measure up|differ|better|different)\b|compar\w+ (?:you|your|yours|P_\d+)\b|(?:differences? between|better than|versus|vs)(?: \S+){0,4}? (?:you|your|yours|competitors?|the competition|other (?:vendors|tools|platforms|products))\b|(?:to|with|against|than|like) (?:your |the |other |our )*(?:competitors?|competition|other (?:vendors|tools|platforms|products|providers))\b)";
    /// A competitor's feature: "Tableau has forecasting".
    competitor_has = r"C_\d+ 's \w+|C_\d+(?: \S+){0,3}? (?:has|have|had|offers?|offering|does|do|supports?|includes?|provides?|can|gives|lets|comes with|ships with|shows|showed|feature|features|forecasting|dashboards?|reporting|analytics|automation)\b";
    /// The asking half of it: "do you have that?".
    do_you = r"\b(?:do|does|can|could|will|would|is|are|when|how|any)\b(?: \S+){0,6}? (?:you|your|yours|it|that|this|same|similar|too|here|anything)\b";
    /// What makes the sentence before a question about us: "Do you have anything similar?"
    do_it_too = r"\b(?:similar|the same|like (?:that|this|it)|(?:do|can|could|will|would|does) (?:you|your \w+|it) (?:\w+ )?(?:have|offer|do|support|provide|match|handle)(?: \S+){0,2}? (?:that|this|it|those|anything|something|one|too|here)|(?:is|would) (?:that|this|it) (?:be )?(?:something|possible|available|planned|on (?:the|your) roadmap)|when will you)\b";
    /// A competitor's product goes.
    displaces = r"\b(?:replac(?:e|es|ing)|retir(?:e|ing)|sunset(?:ting)?|ditch(?:ing)?|drop(?:ping)?|phas(?:e|ing) out|get(?:ting)? rid of|shut(?:ting)? (?:down|off)|decommission(?:ing)?|consolidat(?:e|ing)|cancel(?:l?ing)?|not renew(?:ing)?|not going to renew|mov(?:e|ing)(?: (?:everything|all|our|the|data|teams?|reporting|users|us|over|\w+ing))* (?:off|away from|over from|from)|migrat(?:e|ing)(?: (?:everything|all|our|the|data|teams?|reporting|users|us|over|\w+ing))* (?:off|away from|over from|from)|switch(?:ing)?(?: (?:everything|all|our|the|teams?|over|us))* (?:off|away from|over from|from)|com(?:e|ing) off|rip(?:ping)? out)(?: of)?(?: (?:our|the|old|legacy|existing|current|use|usage|of|licen[cs]es?|contract|subscription|instance))* C_\d+";
    /// The same without a known name.
    displaces_unnamed = r"\b(?:replac(?:e|ing)|retir(?:e|ing)|consolidat(?:e|ing)|mov(?:e|ing)|migrat(?:e|ing)|switch(?:ing)?)(?: \S+){1,7}? (?:tools?|vendors?|systems?|solutions?|platforms?|providers?|software|products?|crm|everything|stack) (?:with|by|onto|on to|to|over to|into) (?:you|yours|your (?:\w+ )?(?:platform|product|tool|system|solution)|P_\d+)\b";

    /// Growth of the customer: subject and verb.
    grows = r"\b(?:we|our (?:\S+ ){0,2}?(?:company|business|team|teams|org|organi[sz]ation|revenue|headcount|group|department|customer base|user base|footprint|sales)|the (?:company|business|board|team|group|whole team)|headcount|company)(?: \S+){0,7}? (?:grow|growing|(?:to|will|and|can) (?:double|triple)|doubling|tripling|expand(?:ing)? (?:into|to|in|across|internationally|globally|our (?:team|business|footprint|operations|headcount|presence|sales))|(?:(?:to|will|and) scale|scaling)(?: up)?(?: [.,!]|$| the (?:team|business|company)| our| across| fast| rapidly| quickly| internationally)|hir(?:e|ing)(?: \S+){0,2}? (?:\d+|people|more|reps|engineers|aggressively|heavily|across|analysts|staff|new)|bring(?:ing)? on(?: \S+){0,2}? (?:people|reps|engineers|analysts|staff|hires)|open(?:ing)?(?: \S+){0,5}? (?:offices?|sites?|locations?|stores?|markets?|regions?|branches|hub|warehouses?|plants?)|acquir(?:e|ing)(?: \S+){0,5}? (?:company|companies|business|businesses|competitor|firm|startup)|launch(?:ing)? in (?:the )?\w+|enter(?:ing)?(?: \S+){0,4}? markets?|add(?:ing)?(?: \S+){0,3}? (?:\d+ (?:\w+ )?(?:people|employees|heads|reps|engineers|staff)|headcount|new (?:offices?|regions?|markets?)))\b";
    /// Goals of growth as nouns.
    growth_goal = r"\b(?:growth (?:targets?|goals?|plans?|ambitions?|strategy|initiatives?|phase|year)|(?:targets?|goals?|plans?|priority|priorities|focus|ambition|mandate|objectives?)(?: \S+){0,6}? (?:growth|(?:to|is) (?:grow|double|triple|expand|scale|enter|open|launch|hire|doubling|growing|expanding|expansion))|(?:target|targeting|planning|plan|planned|aiming|expecting|expect|project|projecting|forecast|forecasting)(?: \S+){0,4}? (?:\d+ ?(?:%|percent|x) )?growth|growth is (?:our|the|a) (?:\w+ )?(?:priority|focus|goal|theme)|year of growth|headcount (?:growth|increase|plan)|expansion (?:plans?|goals?|strategy)|(?:acquisition|merger) of|acquired (?:\w+ ){0,3}?(?:company|companies|business|competitor|firm|startup|agency))\b";
    /// Growth of something else, or growth that is over.
    growth_unless = r"\b(?:(?:doubl|tripl|grow|expand)\w* (?:our |the )?(?:\w+ )?(?:seats?|licen[cs]es?|usage|storage|limits?|contract|plan)\b|growing (?:concern|concerned|pains?|frustrat\w+|impatient|tired|list|backlog|number of (?:issues|tickets|errors|bugs|complaints))|(?:costs?|prices?|tickets?|errors?|bugs?|backlog|debt|complaints|churn|risk|concern|data volumes?|latency) (?:\w+ )?(?:is|are|keeps?|grew|grows|growing|doubled|doubling)|(?:grow|double|expand)\w* (?:the |our |on |upon )?(?:price|costs?|errors?|that point|check|click|curved|efforts?|down)|growth (?:has |is |was )?(?:slowed|slowing|stalled|flat|down|negative)|slow(?:er|ing)? growth)\b";
}

/// The quick look: without any of these letters nothing can be found, whoever speaks.
pub(super) fn hears_a_cue(text: &str) -> bool {
    STEMS.as_ref().is_none_or(|stems| stems.is_match(text))
}

static STEMS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build([
            "seat",
            "licen",
            "login",
            "user",
            "access",
            "upgrad",
            "downgrad",
            "plan",
            "tier",
            "edition",
            "package",
            "storage",
            "limit",
            "quota",
            "api",
            "credits",
            "department",
            "team",
            "budget",
            "fund",
            "money",
            "afford",
            "spend",
            "cost",
            "pric",
            "quot",
            "proposal",
            "discount",
            "grow",
            "doubl",
            "tripl",
            "expan",
            "scal",
            "hir",
            "headcount",
            "acqui",
            "launch",
            "market",
            "office",
            "compar",
            "versus",
            " vs",
            "competit",
            "alternative",
            "vendors",
            "r vendor",
            "t vendor",
            "replac",
            "migrat",
            "switch",
            "cancel",
            "renew",
            "terminat",
            "elsewhere",
            "leav",
            " left",
            "quit",
            "resign",
            "depart",
            "no longer",
            "last day",
            "let go",
            "freeze",
            "frozen",
            "layoff",
            "laid off",
            "downsiz",
            "redundan",
            "cut",
            "reduc",
            "fewer",
            "question",
            "review",
            "reconsider",
            "evaluat",
            "assess",
            "whether",
            "scrutin",
            "convinced",
            "rfp",
            "tender",
            "on hold",
            "postpon",
            "paus",
            "priority",
            "interest",
            "demo",
            "trial",
            "module",
            "capabilit",
            "feature",
            "functionality",
            "add-on",
            "add on",
            "addon",
            "more",
            "people",
            "churn",
            "walk away",
            "moving",
            "move ",
            "sign us up",
            "that",
            "retir",
            "consolidat",
            "invest",
            "differ",
            "stack up",
            "better",
            "lose it",
            "want in",
            "asked",
            "remove",
            "bring",
            "why",
            "justif",
            "doubt",
            "moved on",
            "pulled",
            "$",
            "€",
            "£",
            "onboard",
            "want",
            "roadmap",
            "pilot",
            "drop",
        ])
        .ok()
});

#[cfg(test)]
mod tests {
    #[test]
    fn every_pattern_compiles() {
        assert!(super::cues().ask.is_match("can you"));
    }
}
