//! The list of all cases of shipped rulebooks, for whoever runs them.

/// Hands every case, as `module::function`, to another macro.
macro_rules! every_case {
    ($run:ident) => {
        $run! {
            national::austria
            national::sweden
            national::israel
            national::slovakia
            national::spanish_european_and_local
            national::belgian_communes
            national::greece
            national::european_parliament_by_country
            national::bulgaria
            national::other_years
            national::georgia_2012_and_2016
            national::portugal
            people::kyrgyzstan_2010_to_2020
            people::kyrgyzstan_2021_lists_and_single_seats
            people::kyrgyzstan_2025_districts
            people::the_next_on_the_list_follows
            people::dutch_parliament
            people::dutch_councils
            people::czech_council
            people::georgia_2020
            people::seats_of_the_states
            ranked::two_wards
            ranked::australia
            ranked::ireland
            tiers::norway
            tiers::iceland
            tiers::denmark
            tiers::zurich
            tiers::czechia
            tiers::spain
            tiers::finland
            tiers::germany
            tiers::new_zealand
            tiers::scotland
        }
    };
}
