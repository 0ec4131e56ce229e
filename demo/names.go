package demo

// Names of customers, given and family apart; every combination may occur.

func givenNames() []string {
	return []string{
		"Adaeze", "Aiko", "Alejandro", "Ayşe", "Beatriz", "Björn", "Camille", "Chidi", "Dalia", "Dmitri", "Eilidh", "Emeka",
		"Farah", "Fatima", "Giulia", "Hassan", "Inês", "Ivan", "Jamal", "João", "Keiko", "Lars", "Leilani", "Liam", "Lucía",
		"Mateus", "Mbali", "Mina", "Nadia", "Ngozi", "Noah", "Olga", "Paulo", "Quinn", "Rahul", "Renée", "Rosa", "Samir",
		"Siobhán", "Takumi", "Thandi", "Uma", "Valeria", "Wei", "Xavier", "Yara", "Zainab", "Zoë",
	}
}

func familyNames() []string {
	return []string{
		"Abebe", "Almeida", "Andersson", "Bakker", "Bianchi", "Carvalho", "Chen", "Cohen", "Dubois", "Eriksen", "Fernandes",
		"Fischer", "García", "Gomes", "Hughes", "Ivanova", "Jensen", "Joshi", "Kaya", "Kimura", "Kowalski", "Lefèvre", "Lopes",
		"MacLeod", "Mbeki", "Moreau", "Müller", "Nguyen", "O'Brien", "Okafor", "Oliveira", "Park", "Patel", "Pinto", "Quispe",
		"Reyes", "Rossi", "Santos", "Schmidt", "Silva", "Singh", "Smith", "Tanaka", "Torres", "Visser", "Wójcik", "Yamamoto", "Zhang",
	}
}

// place is where customers live.
type place struct{ City, Postcode, Country string }

func europeanPlaces() []place {
	return []place{
		{"Lisboa", "1100-148", "PT"},
		{"Porto", "4000-322", "PT"},
		{"Madrid", "28013", "ES"},
		{"Lyon", "69002", "FR"},
		{"Berlin", "10115", "DE"},
		{"Bergen", "5003", "NO"},
		{"Kraków", "31-005", "PL"},
		{"Galway", "H91 E2K3", "IE"},
	}
}

func americanPlaces() []place {
	return []place{
		{"Denver", "80202", "US"},
		{"Boulder", "80301", "US"},
		{"Seattle", "98101", "US"},
		{"Toronto", "M5V 2T6", "CA"},
		{"Ciudad de México", "06000", "MX"},
		{"São Paulo", "01310-100", "BR"},
		{"Austin", "78701", "US"},
		{"Montréal", "H2Y 1C6", "CA"},
	}
}

func streets() []string {
	return []string{"Harbour Street", "Rua da Prata", "Mill Lane", "Pine Avenue", "Calle Mayor", "Station Road", "Larimer Street"}
}
