//! Which column of a file holds what, by the names that personnel systems give their columns.

use enishi_protocol::text::fold;

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident = $label:literal: $($header:literal)*;)*) => {
        /// What a column holds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Column { $($(#[$doc])* $name,)* }

        impl Column {
            /// The column of that header, where it is known.
            pub fn of_header(header: &str) -> Option<Self> {
                let header = plain(header);
                $(if [$($header),*].iter().any(|known| plain(known) == header) { return Some(Self::$name); })*
                None
            }

            /// What people call it.
            pub fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }
        }
    };
}

columns! {
    /// The number that the company gave the person.
    EmployeeNumber = "社員番号": "社員番号" "社員コード" "従業員番号" "職員番号" "社員No" "employee number" "employee id" "employee no" "staff number";
    /// Family and given name in one.
    Name = "氏名": "氏名" "名前" "氏名（漢字）" "name" "full name";
    /// Family name alone.
    Family = "姓": "姓" "名字" "苗字" "family name" "last name" "surname";
    /// Given name alone.
    Given = "名": "名" "given name" "first name";
    /// The name in kana.
    Kana = "氏名（カナ）": "氏名（カナ）" "カナ氏名" "氏名カナ" "フリガナ" "ふりがな" "氏名（かな）" "kana" "name kana";
    /// A family name borne before.
    FormerFamily = "旧姓": "旧姓" "former name" "former family name" "maiden name";
    /// Date of birth.
    BirthDate = "生年月日": "生年月日" "誕生日" "birth date" "date of birth" "birthday";
    /// Date of joining the company.
    JoinedDate = "入社年月日": "入社年月日" "入社日" "joined" "joined date" "hire date" "start date";
    /// Date of leaving it.
    LeftDate = "退職年月日": "退職年月日" "退職日" "left" "left date" "leave date" "leaving date" "termination date" "end date";
    /// Why they left.
    Reason = "退職理由": "退職理由" "退職事由" "reason" "leaving reason" "reason for leaving";
    /// The last department.
    Department = "所属": "所属" "部署" "最終所属" "所属部署" "department" "division";
    /// The last title.
    Title = "役職": "役職" "職位" "最終役職" "title" "position" "job title";
    /// The form of employment.
    Employment = "雇用形態": "雇用形態" "雇用区分" "employment" "employment type";
    /// A private e-mail address.
    Address = "メールアドレス": "メールアドレス（個人）" "個人メールアドレス" "メールアドレス" "メール" "e-mail" "mail" "email address" "personal email" "private email";
    /// A telephone number.
    Phone = "電話番号": "電話番号" "携帯電話" "携帯電話番号" "電話" "phone" "phone number" "mobile" "telephone";
    /// Anything else.
    Remarks = "備考": "備考" "メモ" "remarks" "notes" "note" "comment";
}

/// A header without what people write differently: case, width, spaces, brackets, hyphens.
fn plain(header: &str) -> String {
    fold(header).chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::Column;

    #[test]
    fn headers_are_known_in_japanese_and_english_however_they_are_written() {
        for (header, column) in [
            ("社員番号", Column::EmployeeNumber),
            ("氏名(ｶﾅ)", Column::Kana),
            ("メールアドレス（個人）", Column::Address),
            ("Employee_Number", Column::EmployeeNumber),
            ("E-Mail", Column::Address),
            ("Date of Birth", Column::BirthDate),
        ] {
            assert_eq!(Column::of_header(header), Some(column), "{header}");
        }
        assert_eq!(Column::of_header("給与"), None);
    }
}
