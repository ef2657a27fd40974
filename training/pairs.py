"""Sixty career claims, each with a paraphrase as chat words it and a neighbour of the same topic.

The neighbour speaks of the same thing without making the claim. All were written for this file.
"""

PAIRS: tuple[tuple[str, str, str], ...] = (
    (
        "You need a degree to get a good job.",
        "without uni you'll never find decent work tbh",
        "my uni has an open day for the business degree next week",
    ),
    (
        "Recruiters bin every CV that is longer than one page.",
        "if your resume goes over a page they throw it straight out",
        "could someone look over my cv, it's two pages right now",
    ),
    (
        "Nursing is not a job for men.",
        "guys shouldn't be nurses, that's women's work",
        "my brother starts his nursing course in september",
    ),
    (
        "Apprenticeships are only for school leavers.",
        "you can't do an apprenticeship once you're past 18",
        "has anyone here done an apprenticeship in plumbing?",
    ),
    (
        "You cannot change career after forty.",
        "after 40 it's too late to switch fields",
        "i turned forty last week and my team threw a party",
    ),
    (
        "Employers in tech no longer hire anyone without a computer science degree.",
        "no CS degree means no developer job these days",
        "i'm halfway through my computer science degree and love it",
    ),
    (
        "A gap in your work history means that nobody will hire you.",
        "if there's a hole in your cv you're basically unemployable",
        "i took a gap year in peru and it was great",
    ),
    (
        "Bootcamps guarantee a job within three months.",
        "finish a coding camp and you're sure to be hired in 90 days",
        "which bootcamp covers python and sql?",
    ),
    (
        "You must never ask about pay in an interview.",
        "bringing up salary when they interview you kills your chances",
        "what should i wear to the interview on monday?",
    ),
    (
        "Unpaid trial shifts are always legal.",
        "a boss can make you work a tryout day for free, it's allowed by law",
        "my trial shift at the cafe went really well",
    ),
    (
        "Employers can sack you without any reason or notice in your first two years.",
        "until you've done 24 months they can fire you on the spot for nothing",
        "i've been in this job for two years now",
    ),
    (
        "AI will replace all accountants within five years.",
        "there'll be no accounting jobs left soon because of ai",
        "my accountant friend uses ai to write emails",
    ),
    (
        "Teaching pays badly everywhere.",
        "teachers earn next to nothing wherever you go",
        "i had the best maths teacher at school",
    ),
    (
        "People with a criminal record cannot work in care.",
        "got a conviction? then a care job is off the table",
        "i work nights in a care home",
    ),
    (
        "You have to pay the agency before it finds you work.",
        "recruitment agencies charge jobseekers a fee up front, that's normal",
        "which agency is best for warehouse work?",
    ),
    (
        "Cover letters are never read.",
        "nobody reads the letter you send with an application",
        "can somebody check the tone of my cover letter?",
    ),
    (
        "Only people who know someone get hired.",
        "it's all connections, you don't get a job by applying",
        "i met some nice people at the meetup",
    ),
    (
        "Women are not good at engineering.",
        "girls just don't have the brain to be engineers",
        "the women in engineering meetup is on thursday",
    ),
    (
        "A master's degree always raises your pay.",
        "do a masters and you'll earn more for sure",
        "i'm writing my masters thesis about bees",
    ),
    (
        "Freelancers do not pay tax on small sums.",
        "if you only make a little on the side you needn't tell the tax office",
        "freelancing lets me pick my own hours",
    ),
    (
        "Foreign qualifications are worthless here.",
        "degrees from abroad count for nothing in this country",
        "i got my diploma in manila in 2015",
    ),
    (
        "The minimum wage does not apply to migrants.",
        "they can pay you less than minimum if you're not a citizen",
        "the minimum wage goes up in april",
    ),
    (
        "You lose your benefits as soon as you study.",
        "start any course and they stop your payments",
        "studying at night is hard with kids",
    ),
    (
        "Remote jobs are all scams.",
        "every work from home ad is a fraud",
        "i work from home on fridays",
    ),
    (
        "Trades are dying out.",
        "there's no future in being a plumber or electrician",
        "the electrician comes at nine to fix the lights",
    ),
    (
        "Employers do not hire people with disabilities.",
        "no one takes you on if you're disabled",
        "the new office has a ramp and a lift",
    ),
    (
        "You must accept the first offer.",
        "never turn down the first job they give you",
        "i got an offer this morning, so happy",
    ),
    (
        "Negotiating makes employers withdraw the offer.",
        "if you haggle over pay they'll take the offer back",
        "the union is negotiating with the company",
    ),
    (
        "Arts degrees lead to unemployment.",
        "study art and you'll end up without work",
        "the art degree show opens tonight",
    ),
    (
        "A personality test tells you which job is right.",
        "take that type quiz and it shows the career you're made for",
        "my type changed when i took the quiz again lol",
    ),
    (
        "There is one right job for everybody.",
        "each person has a single perfect career waiting",
        "this job is perfect for my sister",
    ),
    (
        "Older workers cannot learn new software.",
        "people over 50 are too slow for computers",
        "we install new software on monday",
    ),
    (
        "You need to know five languages to work abroad.",
        "no chance overseas unless you speak loads of languages",
        "i'm learning spanish with an app",
    ),
    (
        "Employers must give you a reference.",
        "by law your old boss has to write you a reference",
        "my old boss moved to leeds",
    ),
    (
        "Doctors have to pass maths at the top grade.",
        "you can't be a doctor without an A in maths",
        "the doctor told me to rest for a week",
    ),
    (
        "Certificates from free online courses are useless.",
        "nobody cares about those free course certificates",
        "the free course starts again in may",
    ),
    (
        "You have to be young to get into games.",
        "game studios only want people in their twenties",
        "which game are you all playing tonight?",
    ),
    (
        "Night shift workers always earn double.",
        "you get twice the pay if you do nights",
        "i slept badly after my night shift",
    ),
    (
        "Working two jobs is illegal.",
        "it's against the law to have a second job",
        "she left her second job to rest more",
    ),
    (
        "Interns never get paid.",
        "internships are always without pay",
        "our new intern brought cake",
    ),
    (
        "You cannot get a mortgage when self-employed.",
        "banks won't lend for a house if you work for yourself",
        "we are painting the house this weekend",
    ),
    (
        "Pilots need perfect eyesight.",
        "wear glasses and you can forget about flying planes",
        "i forgot my glasses at home",
    ),
    (
        "The police do not take people with tattoos.",
        "having ink means you can't become a cop",
        "i want a tattoo of my dog",
    ),
    (
        "A bad school grade closes every door.",
        "fail your exams and your life is over, no one will take you",
        "exams start on tuesday, good luck everyone",
    ),
    (
        "Zero-hours workers get no holiday pay.",
        "on a zero hour contract you don't get paid leave",
        "where are you going on holiday this year?",
    ),
    (
        "Employers check your social media before every hire.",
        "all companies go through your instagram before giving you a job",
        "our company posted the photos on instagram",
    ),
    (
        "Lawyers all get rich.",
        "every lawyer makes a fortune",
        "my lawyer called about the house",
    ),
    (
        "You may not leave during your notice period.",
        "you're not allowed to go before your notice is up",
        "i read the notice on the board",
    ),
    (
        "Pregnant applicants must say that they are pregnant.",
        "if you're expecting you have to tell them at the interview",
        "my cousin is pregnant with twins",
    ),
    (
        "Dyslexic people cannot become teachers.",
        "no teaching career for you with dyslexia",
        "the teacher lent me a book about dyslexia",
    ),
    (
        "Graduates always earn more than people with a trade.",
        "someone with a degree will out-earn a tradesperson every time",
        "the graduates threw their hats in the air",
    ),
    (
        "The job market for designers is dead.",
        "there are zero design jobs left",
        "i like the design of the new logo",
    ),
    (
        "You need ten years of experience for any senior role.",
        "can't be senior without a decade in the field",
        "the senior team goes out for lunch",
    ),
    (
        "Asylum seekers are never allowed to work.",
        "if you claimed asylum you can't ever have a job",
        "we volunteer with refugees on saturdays",
    ),
    (
        "Stay-at-home parents have no skills that employers want.",
        "raising kids gives you nothing an employer would care about",
        "the kids are at home with a cold",
    ),
    (
        "Introverts cannot lead.",
        "quiet people don't make managers",
        "it was quiet in the office today",
    ),
    (
        "You must work for free first to get into media.",
        "the only way into tv is unpaid work",
        "what are you watching on tv?",
    ),
    (
        "A career adviser decides for you.",
        "they tell you which job to take at careers advice",
        "the careers office moved to the second floor",
    ),
    (
        "Data entry from home pays two hundred an hour.",
        "you make 200 hourly typing at home, easy money",
        "i typed the whole report in an hour",
    ),
    (
        "Changing jobs often ruins your career.",
        "job hopping will wreck your prospects for good",
        "i changed my job title on my profile",
    ),
)
