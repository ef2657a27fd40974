"""Messages written for this project, where the public sets are thin, as templates with slots.

What they teach: first person against third, intent against figure of speech, being excluded
against talking of a group, asking about work against asking about anything else. Every fifth
template of a list is kept for `dev`, so that a template is never both fitted and measured.
"""

from itertools import product

from bot.domain.code import Concern

SLOTS: dict[str, tuple[str, ...]] = {
    "job": ("nurse", "electrician", "teacher", "data analyst", "paralegal", "chef", "welder"),
    "field": ("care", "marketing", "construction", "software", "accounting", "the civil service"),
    "boss": ("my manager", "my supervisor", "the team lead", "the owner"),
    "him": ("him", "her", "them", "my boss", "that recruiter", "my ex"),
    "group": ("women", "immigrants", "older people", "disabled people", "muslims", "black people"),
    "one": ("a woman", "a foreigner", "someone your age", "a disabled person", "a mother"),
    "time": ("tonight", "this week", "today", "soon", "after work"),
    "app": ("the server", "this spreadsheet", "the printer", "my laptop", "the build"),
    "end": ("", " lol", " tbh", "...", " honestly"),
    "start": ("", "sorry but ", "idk, ", "i guess ", "so yeah "),
}

YES: dict[Concern, tuple[str, ...]] = {
    Concern.SELF_HARM: (
        "{start}i don't want to be alive anymore{end}",
        "{start}i'm going to kill myself {time}",
        "i keep thinking about ending it {time}{end}",
        "everyone would be better off if i was gone{end}",
        "{start}i want to unalive myself{end}",
        "i have the pills in front of me and i'm done{end}",
        "i cut myself again last night{end}",
        "{start}i wish i could go to sleep and never wake up",
        "no job, no money, i see no reason to go on living{end}",
        "this is goodbye, thanks for being kind to me in here",
        "{start}i've written the note, i just need to do it {time}",
        "i can't stop thinking about jumping off the bridge{end}",
        "my life is over, i want to die{end}",
        "{start}i took too many tablets after the rejection",
        "been hurting myself since they let me go{end}",
        "nobody would notice if i disappeared for good{end}",
        "i'm so tired of existing{end}",
        "{start}i wanna end my life, the interviews just prove i'm worthless",
        "thinking of k1lling mys3lf {time}{end}",
        "what's the least painful way to die{end}",
        "if i don't get this job i'm ending it all{end}",
        "{start}i don't think i'll be here next month, please look after my cat",
    ),
    Concern.HARM_TO_OTHERS: (
        "{start}i'm going to hurt {him} {time}",
        "{start}i will kill {him}",
        "i'm bringing a knife to the office {time}{end}",
        "{start}i know where {him} lives and i'm going over there {time}",
        "someone should put a bullet in {him}{end}",
        "i'm going to smash {him} in the face {time}",
        "they fired me so i'll burn the place down{end}",
        "{start}i've got a gun and i will use it on {him}",
        "{him} deserves to be beaten to death{end}",
        "i want to strangle {him} and i mean it",
        "i'll make sure {him} ends up in hospital{end}",
        "{start}i'm waiting for {him} in the car park, {him} won't walk again",
        "i could stab {him}, i'm not joking",
        "they'll all pay {time}, there will be blood{end}",
        "somebody needs to break {him} in half{end}",
        "you had better watch your back {time}",
    ),
    Concern.DISCRIMINATION: (
        "{start}{group} can't do this job{end}",
        "{group} should stay out of {field}{end}",
        "{boss} said they don't hire {group} here",
        "{start}{field} is no place for {one}",
        "they told me {one} would not fit the team",
        "nobody wants {one} as a {job}{end}",
        "{group} are too emotional to lead{end}",
        "{group} are lazy and take all the jobs{end}",
        "i was turned down because of my headscarf{end}",
        "{boss} keeps joking about my accent and my skin",
        "the interviewer asked if i plan to have kids and then i got rejected",
        "being a {job} is not for {one}{end}",
        "they let me go as soon as i said i was pregnant",
        "{start}they only promote men at my place",
        "the advert says no {group} need apply",
        "{boss} said i'm too old to learn{end}",
        "girls don't belong in {field}{end}",
        "a man working as a {job}, that's just wrong{end}",
    ),
    Concern.DISTRESS: (
        "{start}i can't cope with work anymore{end}",
        "i cried in the toilets at work again{end}",
        "i'm so overwhelmed i can't even open my emails{end}",
        "rent is due on friday and i have nothing left{end}",
        "{start}i haven't slept for days because of this job",
        "my chest goes tight every time {boss} calls",
        "another rejection, i feel like such a failure{end}",
        "{start}i'm burnt out and scared of losing my job",
        "i lost my job and i don't know how to feed my kids{end}",
        "panic attacks before every shift{end}",
        "six months of applying and i'm losing hope{end}",
        "{start}i feel so alone since the layoffs",
        "everything is falling apart, the debt, the job, my marriage{end}",
        "{boss} shouts at me every day and i dread going in",
        "{start}i just can't do this anymore, i'm exhausted",
        "i feel worthless after that interview{end}",
        "stressed out of my mind about money{end}",
        "we are being evicted and i start a new job monday, i'm terrified",
    ),
    Concern.ASKING: (
        "{start}how do i become a {job}?",
        "what qualifications do i need for {field}{end}?",
        "is it too late to retrain as a {job}?",
        "should i take the offer in {field} or stay where i am?",
        "anyone know how to get into {field} without a degree?",
        "can someone look over my cv for a {job} role?",
        "how do i explain a gap in my cv?",
        "what should i ask at an interview for a {job} job?",
        "is an apprenticeship in {field} worth it at 30?",
        "which course is best if i want to be a {job}{end}?",
        "how much does a {job} earn when starting out?",
        "{start}i don't know what career suits me, where do i start?",
        "do i need to tell an employer about my record?",
        "does my diploma from abroad count for {field} here?",
        "looking for advice on switching from {field} to something else",
        "what else can i do with a background in {field}?",
        "how do i write a cover letter for my first job?",
        "any tips for getting interviews in {field}?",
        "who can help me with a student loan for retraining?",
    ),
}

NO: dict[Concern, tuple[str, ...]] = {
    Concern.SELF_HARM: (
        "i'd kill for a job as a {job}{end}",
        "this deadline is killing me{end}",
        "how do i kill a stuck job on {app}?",
        "stuck in a dead end job in {field}{end}",
        "sorry you feel that way, please talk to someone, we care about you",
        "that interview was painful but i survived{end}",
        "the suicide prevention training is on tuesday",
        "if you are in danger please ring the helpline",
        "i died laughing at that advert{end}",
        "my battery died in the middle of the call{end}",
        "you absolutely killed it in that interview{end}",
        "i nearly had a heart attack when {app} crashed{end}",
        "thank you all, i feel so much better now",
        "we lost my grandad last year, he was a {job}",
        "i could sleep for a week after that shift{end}",
        "that boss fight is suicide without a healer{end}",
        "to die for, that cake in the canteen{end}",
        "hang in there, it gets better after the first month",
        "i work for a crisis line and love it",
        "my cv has cuts in it, i ended my contract in may",
    ),
    Concern.HARM_TO_OTHERS: (
        "{boss} will kill me if i'm late{end}",
        "shoot me an email {time}{end}",
        "i'm going to murder this pizza{end}",
        "let's kill {app} and start again{end}",
        "they fired half the team on friday",
        "we crushed the other team at the quiz{end}",
        "i'll beat him at chess {time}{end}",
        "the knife skills course for chefs starts {time}",
        "fire the build again please{end}",
        "he took a shot at the {job} exam and passed",
        "i killed the dragon and got its sword{end}",
        "police officers train with guns for weeks",
        "she smashed her interview{end}",
        "the new rules hit {field} hard",
        "i want to join the army as a {job}",
        "stop beating yourself up about it{end}",
    ),
    Concern.DISCRIMINATION: (
        "the {group} at work network meets on thursday",
        "we welcome {group} in {field}",
        "my wife is a {job} and loves it{end}",
        "is there a grant for {group} who want to train in {field}?",
        "the new law protects {group} at work",
        "most people in my class were women{end}",
        "my grandmother came here from poland and worked in {field}",
        "our training on equality is online now",
        "i'm the only man on my nursing course and it's great",
        "she is the best {job} we ever had",
        "the talk on {group} in {field} was really good",
        "he leads the diversity team",
        "there are many older students on the course{end}",
        "we had a black friday sale{end}",
        "the prayer room is on the second floor",
        "my muslim colleagues brought food for eid",
    ),
    Concern.DISTRESS: (
        "we run a stress test on {app} {time}",
        "i love my job in {field}{end}",
        "the sad song at the end made me cry{end}",
        "no stress, take your time{end}",
        "so excited, i got the job as a {job}!",
        "the recession hit {field} but it is growing again",
        "the course on burnout was useful for our team",
        "sorry to hear that, hope tomorrow is better",
        "failing tests are fine, {app} is the trouble",
        "i was nervous before, now i feel great{end}",
        "anxiety among students was the topic of the talk",
        "it's lonely on this map, join us{end}",
        "i'm tired, going to bed, night all",
        "he lost the match and his temper{end}",
        "i hate mondays{end}",
    ),
    Concern.ASKING: (
        "how do i restart {app}?",
        "what are you all having for lunch?",
        "can you send the pr for {app}?",
        "the client wants the project by friday",
        "who wants to play {time}?",
        "is the meeting moved to three?",
        "i finished my shift, what a day{end}",
        "my company moved to a new office{end}",
        "anyone know why {app} is so slow?",
        "should i buy the blue one or the red one?",
        "how long does the pizza take?",
        "i got the {job} job, thanks everybody!",
        "what's the best film about a {job}?",
        "where do i change the password?",
        "did you see the game last night?",
        "our cv parser broke {app} again",
        "how was your weekend?",
    ),
}


def written(head: Concern) -> list[tuple[str, int, str]]:
    """Every message for `head`: its text, 1 where it is of that concern, and its split."""
    found: list[tuple[str, int, str]] = []
    for label, lists in ((1, YES), (0, NO)):
        for place, template in enumerate(lists[head]):
            split = "dev" if place % 5 == 0 else "train"
            found += [(text, label, split) for text in _fillings(template)]
    return found


def _fillings(template: str, most: int = 24) -> list[str]:
    names = [name for name in SLOTS if f"{{{name}}}" in template]
    fillings = [
        template.format(**dict(zip(names, values, strict=True)))
        for values in product(*(SLOTS[name] for name in names))
    ]
    step = max(1, len(fillings) // most)
    return fillings[::step][:most]
